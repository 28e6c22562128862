/** Runs a study of simulated engines on the virtual clock and gives its report: verdicts on worlds that are known. */
import { reportInput } from '../../src/cli/reports.ts';
import { simDeclaration } from '../../src/engines/sim/declaration.ts';
import { type TestHost, testHost } from '../../src/host/test-host.ts';
import { runFolder } from '../../src/journal/run-folder.ts';
import { buildReport } from '../../src/report/build.ts';
import type { Report } from '../../src/report/model.ts';
import { runStudy } from '../../src/run/run-study.ts';

export const FOLDER = '/runs/one';

/** The report of `studyText`, measured to its end. */
export async function simulatedReport(studyText: string): Promise<Report> {
  return buildReport(reportInput(await simulatedRun(studyText), runFolder(FOLDER)));
}

/** The host with the folder of the run. */
export async function simulatedRun(
  studyText: string,
  host: TestHost = testHost(),
  out: string = FOLDER,
): Promise<TestHost> {
  await runStudy(
    host,
    {
      studyText,
      studyName: 'test.yaml',
      declarations: [simDeclaration],
      hayasaVersion: '0.0.0-test',
      out,
      budget_ms: undefined,
    },
    () => undefined,
    new AbortController().signal,
  );
  return host;
}

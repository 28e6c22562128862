/** One simulated study on the virtual clock, from the study file to the verdicts. */
import { reportInput } from '../../src/cli/reports.ts';
import { simDeclaration } from '../../src/engines/sim/declaration.ts';
import { testHost } from '../../src/host/test-host.ts';
import { runFolder } from '../../src/journal/run-folder.ts';
import { buildReport } from '../../src/report/build.ts';
import type { ReportInput } from '../../src/report/input.ts';
import { runStudy } from '../../src/run/run-study.ts';
import type { JudgedClaim, KnownClaim } from './claims.ts';
import { factClaims } from './fact-claims.ts';
import { withFacts } from './fact-journal.ts';
import { drawFacts, factStudy } from './facts.ts';
import { type Noise, noiseOptions } from './noises.ts';
import { TIME_CLAIMS, timeStudy, UNEVEN_CLAIMS } from './times.ts';

const FOLDER = '/runs/one';

/** Verdicts on what was timed, in study `index`. */
export async function judgeTimes(index: number, rounds: number, noise: Noise): Promise<JudgedClaim[]> {
  return judged(await simulated(timeStudy(noiseOptions(noise, index), rounds, false)), TIME_CLAIMS);
}

/** The same where the launches of one engine vary more than those of the others. */
export async function judgeUneven(index: number, rounds: number, noise: Noise): Promise<JudgedClaim[]> {
  return judged(await simulated(timeStudy(noiseOptions(noise, index), rounds, true)), UNEVEN_CLAIMS);
}

/** Verdicts on facts, in study `index`. */
export async function judgeFacts(index: number, rounds: number, noise: Noise): Promise<JudgedClaim[]> {
  const options = noiseOptions(noise, index);
  const facts = drawFacts(index, rounds);
  const claims = factClaims(facts);
  const input = await simulated(factStudy(options, rounds, claims));
  return judged({ ...input, records: withFacts(input.records, input.cells, facts, options) }, claims);
}

async function simulated(studyText: string): Promise<ReportInput> {
  const host = testHost();
  await runStudy(
    host,
    {
      studyText,
      studyName: 'simulated',
      declarations: [simDeclaration],
      hayasaVersion: 'bench',
      out: FOLDER,
      budget_ms: undefined,
    },
    () => undefined,
    new AbortController().signal,
  );
  return reportInput(host, runFolder(FOLDER));
}

function judged(input: ReportInput, claims: readonly KnownClaim[]): JudgedClaim[] {
  const verdicts = new Map(buildReport(input).claims?.verdicts.map(({ id, outcome }) => [id, outcome]));
  return claims.map((claim) => {
    const outcome = verdicts.get(claim.id);
    if (outcome === undefined) throw new RangeError(`${input.study.name} has no verdict on ${claim.id}`);
    return { ...claim, outcome };
  });
}

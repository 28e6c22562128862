/** From two folders and two selections to their comparison. */

import { resolve } from 'node:path';
import { buildComparison } from '../../compare/build.ts';
import type { ComparisonReport } from '../../compare/model.ts';
import type { Host } from '../../host/host.ts';
import { runFolder } from '../../journal/run-folder.ts';
import { EXIT, HayasaError, type Problem, ProblemsError } from '../../kernel/errors.ts';
import { listedOnce, type Words } from '../../kernel/language.ts';
import type { Metric } from '../../metrics/metric.ts';
import { reportInput } from '../reports.ts';
import { readSelection } from './selections.ts';

export interface CompareRequest {
  /** Folder of the baseline, as typed. */
  readonly folderA: string;
  /** Folder of what is compared with it; undefined = the same run. */
  readonly folderB: string | undefined;
  readonly a: string | undefined;
  readonly b: string | undefined;
  readonly metric: Metric;
  readonly margin: number;
}

/**
 * Reads both runs and compares them.
 * @throws HayasaError `compare/nothing` where no cell of A has a partner in B, `file/missing`, `run/damaged`,
 * `journal/damaged`; ProblemsError with every problem of the selections
 */
export function compareRuns(host: Host, request: CompareRequest): ComparisonReport {
  const { metric, margin } = request;
  const folders = [request.folderA, request.folderB ?? request.folderA].map((folder) =>
    resolve(host.system.currentFolder, folder),
  );
  const [folderA = '', folderB = ''] = folders;
  const inputA = reportInput(host, runFolder(folderA));
  const inputB = folderA === folderB ? inputA : reportInput(host, runFolder(folderB));
  const problems: Problem[] = [];
  const a = readSelection(request.a, '--a', inputA.cells, problems);
  const b = readSelection(request.b, '--b', inputB.cells, problems);
  if (folderA === folderB && a.text === b.text) {
    problems.push({ path: '--a and --b', message: DIFFERENT_CELLS, value: a.text });
  }
  if (problems.length > 0) throw new ProblemsError('hayasa compare', problems);
  const report = buildComparison({
    a: { input: inputA, run: request.folderA, selection: a },
    b: { input: inputB, run: folderA === folderB ? request.folderA : (request.folderB ?? ''), selection: b },
    metric,
    margin,
  });
  if (report.rows.length === 0) throw nothingToCompare(report);
  return report;
}

const DIFFERENT_CELLS: Words = {
  en: 'must name different cells of the run',
  ja: '実行の別々のセルを指定してください',
};

function nothingToCompare({ leftOut }: ComparisonReport): HayasaError {
  const reasons = listedOnce(leftOut.map(({ reason }) => reason));
  return new HayasaError({
    code: 'compare/nothing',
    message: {
      en: `no cell of A has a partner in B: ${reasons?.en ?? 'the runs have no cells'}`,
      ja: `B に相手のある A のセルがありません: ${reasons?.ja ?? '実行にセルがありません'}`,
    },
    hint: {
      en: 'cells are paired where they are equal in everything but what --a and --b name; hayasa report DIR --json lists them',
      ja: '--a と --b が指定するもの以外がすべて等しいセルどうしを組にします。hayasa report DIR --json で一覧できます',
    },
    exitCode: EXIT.badInput,
  });
}

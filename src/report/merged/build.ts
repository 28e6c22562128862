/**
 * From the runs of several machines to one report. Two machines share no block, so nothing between them is paired: their
 * ratios are Welch's over launch means, decided together by Holm's procedure. What stays paired (claims, choices) was
 * decided within each run.
 */
import { journalState } from '../../journal/state.ts';
import { canonicalJson } from '../../kernel/canonical.ts';
import { HayasaError } from '../../kernel/errors.ts';
import { missing } from '../../kernel/maybe.ts';
import { METRICS } from '../../metrics/registry.ts';
import { launchMeans, type PhaseSummary, summarise } from '../../metrics/summarise.ts';
import { compareFamily, type Sides } from '../../stats/comparison.ts';
import { LEVEL } from '../../stats/estimate.ts';
import { strictestLevel } from '../../stats/sequential.ts';
import { EQUIVALENCE_MARGIN } from '../answer.ts';
import { buildReport } from '../build.ts';
import type { ReportCell, ReportInput } from '../input.ts';
import { labelling } from '../labels.ts';
import type { Caveat, Report } from '../model.ts';
import { devicesSection } from './devices.ts';
import { marginsDiffer, runDifferences } from './differences.ts';
import {
  MERGED_VERSION,
  type MergedClaim,
  type MergedComparison,
  type MergedMachine,
  type MergedReport,
  type MergedRow,
} from './model.ts';
import type { MergedSide } from './side.ts';

/**
 * Merges at least two runs.
 * @throws HayasaError `merge/same-run` where one is a copy of another, `merge/nothing-shared` where no two measured the
 *   same workload of the same model
 */
export function buildMergedReport(inputs: readonly ReportInput[]): MergedReport {
  const sides = inputs.map((input, index): MergedSide => {
    const report = buildReport(input);
    return { input, report, machine: machineOf(input, report, index) };
  });
  refuseCopies(sides);
  refuseStrangers(sides);
  const { rows, family, level } = mergedRows(sides);
  const devices = devicesSection(sides);
  const claims = marginsDiffer(sides) ? undefined : mergedClaims(sides);
  const titles = [...new Set(sides.map(({ report }) => report.title))];
  const language = inputs.find((input) => input.language !== undefined)?.language;
  return {
    version: MERGED_VERSION,
    title: titles.join(', '),
    ...(language === undefined ? {} : { language }),
    machines: sides.map(({ machine }) => machine),
    differences: runDifferences(sides),
    ...(devices === undefined ? {} : { devices }),
    margin: EQUIVALENCE_MARGIN,
    level,
    family,
    rows,
    ...(claims === undefined || claims.length === 0 ? {} : { claims }),
    caveats: mergedCaveats(sides),
  };
}

function machineOf(
  { environment, runId, records }: ReportInput,
  report: Report,
  index: number,
): MergedMachine {
  const started = records.find((record) => record.kind === 'run-started');
  return {
    letter: String.fromCharCode(65 + index),
    name: environment.machine.name,
    fingerprint: environment.machine.fingerprint,
    runId,
    began: started?.kind === 'run-started' ? started.wallTime : '',
    failures: report.failures,
    ...(report.choice === undefined ? {} : { choice: report.choice }),
  };
}

function refuseCopies(sides: readonly MergedSide[]): void {
  const seen = new Map<string, string>();
  for (const { machine } of sides) {
    const key = `${machine.runId} ${machine.began}`;
    const before = seen.get(key);
    if (before !== undefined) {
      throw new HayasaError({
        code: 'merge/same-run',
        message: {
          en: `run ${machine.runId} of ${machine.began} is given twice, as ${before} and ${machine.letter}`,
          ja: `${machine.began} の実行 ${machine.runId} が ${before} と ${machine.letter} に二度指定されています`,
        },
        hint: {
          en: 'name each run once: a copy would count its launches twice',
          ja: '各実行は一度だけ指定してください: 写しがあると起動を二重に数えます',
        },
      });
    }
    seen.set(key, machine.letter);
  }
}

function refuseStrangers(sides: readonly MergedSide[]): void {
  const workloads = sides.map(
    ({ report }) => new Set(report.table.rows.map(({ cell }) => workloadKey(cell))),
  );
  const isShared = workloads.some((own, index) =>
    workloads.some((other, at) => at > index && [...own].some((key) => other.has(key))),
  );
  if (isShared) return;
  throw new HayasaError({
    code: 'merge/nothing-shared',
    message: {
      en: `no two of the ${sides.length} runs measured the same workload of the same model`,
      ja: `${sides.length} 件の実行のうち、同じモデルの同じ負荷を測ったものが 2 つありません`,
    },
    hint: {
      en: 'runs are merged where model (weights included), tokens, batch and stop rule are equal; hayasa report DIR shows each alone',
      ja: '実行は、モデル（重みも含む）、トークン数、バッチ、停止の規則が等しいところで合わせます。hayasa report DIR で 1 つずつ表示できます',
    },
  });
}

function workloadKey(cell: ReportCell['cell']): string {
  const {
    engine: _e,
    engineVersion: _v,
    options: _o,
    precision: _p,
    device: _d,
    threads: _t,
    ...rest
  } = cell;
  return canonicalJson(rest);
}

/** What must be equal on both machines; `threads: all` is all of each. */
const sharedKey = ({ input }: MergedSide, { cell, engineLabel }: ReportCell): string =>
  canonicalJson({
    ...cell,
    engineLabel,
    threads: cell.threads === input.study.logicalCpus ? 'all' : cell.threads,
  });

const THROUGHPUT = METRICS.filter(({ id }) => id === 'throughput');

function mergedRows(sides: readonly MergedSide[]): Pick<MergedReport, 'rows' | 'family' | 'level'> {
  const measured = sides.map((side) => {
    const summaries = summarise(
      side.input.cells,
      journalState(side.input.records),
      THROUGHPUT,
      side.input.study.looks,
    );
    const byKey = new Map<string, { readonly cell: ReportCell; readonly explore: PhaseSummary }>();
    for (const cell of side.input.cells) {
      const explore = summaries.get(cell.cellKey)?.explore;
      if (explore !== undefined && explore.launches.length > 0)
        byKey.set(sharedKey(side, cell), { cell, explore });
    }
    return byKey;
  });
  const keys = [...new Set(measured.flatMap((byKey) => [...byKey.keys()]))].filter(
    (key) => measured.filter((byKey) => byKey.has(key)).length > 1,
  );
  const found = keys.flatMap((key) => measured.flatMap((byKey) => byKey.get(key)?.cell ?? []));
  // Threads name the machine, not the cell, where all are used.
  const plain = (cell: ReportCell): ReportCell => ({ ...cell, cell: { ...cell.cell, threads: 0 } });
  const sameThreads = sides.every(({ input }) =>
    input.cells.every(({ cell }) => cell.threads === input.study.logicalCpus),
  );
  const named = (cell: ReportCell): ReportCell => (sameThreads ? plain(cell) : cell);
  const names = labelling(found.map(named));
  const pairs = keys.flatMap((key) => {
    const having = sides.flatMap(({ machine }, index) => {
      const own = measured[index]?.get(key);
      return own === undefined ? [] : [{ letter: machine.letter, ...own }];
    });
    const [base, ...others] = having;
    return base === undefined ? [] : others.map((other) => ({ key, base, other }));
  });
  const looks = sides.flatMap(({ input }) => input.study.looks ?? []);
  const level = Math.max(LEVEL, ...looks.map(strictestLevel));
  const compared = compareFamily(
    pairs.map(
      ({ base, other }): Sides => ({
        kind: 'unpaired',
        a: launchMeans(other.explore, 'throughput'),
        b: launchMeans(base.explore, 'throughput'),
        reason: 'two machines share no block',
      }),
    ),
    { margin: EQUIVALENCE_MARGIN, level },
  );
  const rows = keys.flatMap((key): MergedRow[] => {
    const first = measured.flatMap((byKey) => byKey.get(key) ?? [])[0];
    if (first === undefined) return [];
    return [
      {
        label: names.full(named(first.cell)),
        throughput: measured.map(
          (byKey) =>
            byKey.get(key)?.explore.estimates.get('throughput') ??
            missing({ en: 'not measured there', ja: 'そちらでは測定されていません' }),
        ),
        against: pairs.flatMap((pair, index): MergedComparison[] => {
          const comparison = compared[index];
          return pair.key !== key || comparison === undefined
            ? []
            : [
                {
                  machine: pair.other.letter,
                  base: pair.base.letter,
                  ratio: comparison.ratio,
                  outcome: comparison.outcome,
                },
              ];
        }),
      },
    ];
  });
  return { rows, family: compared[0]?.family ?? 0, level };
}

function mergedClaims(sides: readonly MergedSide[]): MergedClaim[] {
  const first = sides.find(({ report }) => report.claims !== undefined)?.report.claims;
  return (first?.verdicts ?? []).map(({ id, statement }) => ({
    id,
    statement,
    outcomes: sides.map(
      ({ report }) => report.claims?.verdicts.find((one) => one.id === id)?.outcome ?? 'not-measured',
    ),
  }));
}

/** What invalidates or warns in a run does so here, with its machine; notes stay in the run's own report. */
function mergedCaveats(sides: readonly MergedSide[]): Caveat[] {
  return [
    {
      id: 'not-paired',
      severity: 'note',
      text: {
        en: 'Between machines nothing is paired: whatever else differed between the runs is in the ratios and not in their intervals. Verdicts and choices were decided within each run.',
        ja: 'マシンの間には対応がありません: 実行の間で異なる他のことは、比には含まれますが区間には含まれません。判定と選択はそれぞれの実行の中で決めています。',
      },
    },
    ...sides.flatMap(({ machine, report }) =>
      report.caveats
        .filter(({ severity }) => severity !== 'note')
        .map((caveat) => ({
          ...caveat,
          text: {
            en: `${machine.letter}: ${caveat.text.en}`,
            ja: `${machine.letter}: ${caveat.text.ja}`,
          },
        })),
    ),
  ];
}

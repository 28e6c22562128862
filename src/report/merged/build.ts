/**
 * From the runs of several machines to one report. Two machines share no block, so nothing between them is paired: their
 * ratios are Welch's over launch means, decided together by Holm's procedure. What stays paired (claims, choices) was
 * decided within each run.
 */
import { canonicalJson } from '../../kernel/canonical.ts';
import { HayasaError } from '../../kernel/errors.ts';
import { EQUIVALENCE_MARGIN } from '../answer.ts';
import { buildReport } from '../build.ts';
import type { ReportCell, ReportInput } from '../input.ts';
import type { Caveat, Report } from '../model.ts';
import { devicesSection } from './devices.ts';
import { marginsDiffer, runDifferences } from './differences.ts';
import { MERGED_VERSION, type MergedClaim, type MergedMachine, type MergedReport } from './model.ts';
import { mergedRows } from './rows.ts';
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

/** What a comparison amounts to: the sentence at its top, and the worst finding for a build server. */
import { assertNever, EXIT, type ExitCode } from '../kernel/errors.ts';
import { same, type Words } from '../kernel/language.ts';
import type { Metric } from '../metrics/metric.ts';
import type { Caveat } from '../report/model.ts';
import { counted, formatNumber } from '../report/numbers.ts';
import type { ComparisonOutcome } from '../stats/outcome.ts';
import type { ComparedPair, Verdict } from './model.ts';

/** The worst of the rows; a number that must not be used comes before all. */
export function verdictOf(rows: readonly ComparedPair[], caveats: readonly Caveat[]): Verdict {
  if (caveats.some(({ severity }) => severity === 'invalid')) return 'invalid';
  if (rows.some(({ outcome }) => outcome === 'slower')) return 'regression';
  return rows.length === 0 || rows.some(({ outcome }) => outcome === 'undecided') ? 'undecided' : 'ok';
}

/** The exit code of a verdict. */
export function exitCodeOf(verdict: Verdict): ExitCode {
  switch (verdict) {
    case 'ok':
      return EXIT.ok;
    case 'regression':
      return EXIT.regression;
    case 'undecided':
      return EXIT.undecided;
    case 'invalid':
      return EXIT.invalidMeasurement;
    default:
      return assertNever(verdict, 'verdict');
  }
}

/** `faster`, or `better` where the metric is no speed. */
export function outcomeWord(outcome: ComparisonOutcome, { storedUnit }: Pick<Metric, 'storedUnit'>): Words {
  const speed = storedUnit === 's' || storedUnit.endsWith('/s');
  switch (outcome) {
    case 'faster':
      return speed ? { en: 'faster', ja: '速い' } : { en: 'better', ja: '良い' };
    case 'slower':
      return speed ? { en: 'slower', ja: '遅い' } : { en: 'worse', ja: '悪い' };
    case 'equivalent':
      return { en: 'equivalent', ja: '同等' };
    case 'undecided':
      return { en: 'undecided', ja: '未決' };
    default:
      return assertNever(outcome, 'outcome');
  }
}

/** `Throughput, B against A, 7 comparisons: 2 faster, 1 slower, 3 equivalent within 2 %, 1 undecided.` */
export function summaryOf(
  rows: readonly ComparedPair[],
  metric: Metric,
  margin: number,
  family: number,
): Words {
  const found = (['faster', 'slower', 'equivalent', 'undecided'] as const).flatMap((outcome) => {
    const count = rows.filter((row) => row.outcome === outcome).length;
    if (count === 0) return [];
    const isEquivalent = outcome === 'equivalent';
    const word = outcomeWord(outcome, metric);
    return [
      {
        en: `${count} ${word.en}${isEquivalent ? ` within ${marginText(margin)}` : ''}`,
        ja: `${word.ja} ${count}${isEquivalent ? `（${marginText(margin)} 以内）` : ''}`,
      },
    ];
  });
  const holm =
    family > 1
      ? {
          en: ` (decided together, by Holm's procedure over ${family})`,
          ja: `（Holm の手順で ${family} 件を一緒に決定）`,
        }
      : same('');
  return {
    en: `${metric.title.en}, B against A, ${counted(rows.length, 'comparison')}: ${found.map(({ en }) => en).join(', ')}${holm.en}.`,
    ja: `${metric.title.ja}、A に対する B、比較 ${rows.length} 件: ${found.map(({ ja }) => ja).join('、')}${holm.ja}。`,
  };
}

/** `2 %` of 0.02, as many digits as it has. */
export const marginText = (margin: number): string =>
  `${formatNumber(margin * 100, Number.isInteger(Math.round(margin * 1e6) / 1e4) ? 0 : 1)} %`;

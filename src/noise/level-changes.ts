/**
 * The machine's speed changed while it was measured: slowly (drift) or at once (step). Both look at launches of all cells
 * relative to their cell's mean, in order of time; where both alarm, the one that leaves less unexplained is kept.
 */
import type { RandomStream } from '../kernel/random.ts';
import { changePoint } from '../stats/change-point.ts';
import { kendallTrend } from '../stats/kendall-trend.ts';
import { permutationP } from '../stats/permutation.ts';
import { quantile } from '../stats/quantiles.ts';
import { ALARM_LEVEL, type Finding, percent } from './finding.ts';
import { type LaunchDeviation, relative } from './series.ts';

/** Smaller changes are not worth a line. */
const NOTABLE_CHANGE = 0.05;
const LEAST_LAUNCHES = 6;
const LEAST_ROUNDS = 3;

/** A finding with the level that it claims for each launch. */
interface Explained {
  readonly finding: Finding;
  readonly residual: number;
}

export function levelChanges(launches: readonly LaunchDeviation[], stream: RandomStream): Finding[] {
  return [drift(launches), step(launches, stream)]
    .filter((one) => one !== undefined)
    .sort((a, b) => a.residual - b.residual)
    .slice(0, 1)
    .map(({ finding }) => finding);
}

function drift(launches: readonly LaunchDeviation[]): Explained | undefined {
  const rounds = launches.map(({ round }) => round);
  const span = Math.max(...rounds) - Math.min(...rounds);
  if (launches.length === 0 || span + 1 < LEAST_ROUNDS) return undefined;
  const points = launches.map(({ round, deviation }) => ({ x: round, y: deviation }));
  const groups = [...new Set(launches.map(({ group }) => group))];
  const trend = kendallTrend(groups.map((name) => points.filter((_, i) => launches[i]?.group === name)));
  if (trend.kind === 'missing') return undefined;
  const { slope, p } = trend.value;
  const effect = relative(slope * span);
  if (p >= ALARM_LEVEL || Math.abs(effect) < NOTABLE_CHANGE) return undefined;
  return {
    residual: spread(points.map(({ x, y }) => y - slope * x)),
    finding: {
      kind: 'drift',
      evidence: {
        test: 'seasonal Kendall trend over rounds, launches of the same cells as seasons',
        points: points.length,
        p,
        effect,
      },
      sentence: {
        en: `The machine drifted: throughput became ${percent(effect)} ${effect < 0 ? 'lower' : 'higher'} from the first to the last round, over all cells. Ratios are paired by block and stand; absolute values are averages over the drift.`,
        ja: `マシンの速度が徐々に変わりました: 最初から最後のラウンドまでに、全セルのスループットが ${percent(effect)} ${effect < 0 ? '低下' : '上昇'}しました。比はブロックごとの対なので有効です。絶対値は変化の間の平均です。`,
      },
    },
  };
}

function step(launches: readonly LaunchDeviation[], stream: RandomStream): Explained | undefined {
  if (launches.length < LEAST_LAUNCHES) return undefined;
  const values = launches.map(({ deviation }) => deviation);
  const { before } = changePoint(values);
  const earlier = values.slice(0, before);
  const later = values.slice(before);
  const effect = relative(median(later) - median(earlier));
  if (Math.abs(effect) < NOTABLE_CHANGE) return undefined;
  const groups = launches.map(({ group }) => group);
  const p = permutationP(values, groups, (moved) => changePoint(moved).statistic, stream);
  if (p >= ALARM_LEVEL) return undefined;
  const first = launches[before];
  return {
    residual: spread([
      ...earlier.map((value) => value - median(earlier)),
      ...later.map((value) => value - median(later)),
    ]),
    finding: {
      kind: 'step-change',
      evidence: {
        test: 'rank CUSUM, permutations within launches of the same cells',
        points: values.length,
        p,
        effect,
      },
      sentence: {
        en: `The machine changed its speed at once: from launch ${before + 1} of ${values.length} on (round ${(first?.round ?? 0) + 1}) throughput was ${percent(effect)} ${effect < 0 ? 'lower' : 'higher'}, over all cells. Ratios are paired by block and stand; absolute values mix two levels.`,
        ja: `マシンの速度が急に変わりました: ${values.length} 起動中 ${before + 1} 番目（ラウンド ${(first?.round ?? 0) + 1}）から、全セルのスループットが ${percent(effect)} ${effect < 0 ? '低く' : '高く'}なりました。比はブロックごとの対なので有効です。絶対値には二つの水準が混ざっています。`,
      },
    },
  };
}

/** Sum of distances from the median. */
function spread(values: readonly number[]): number {
  const centre = median(values);
  return values.reduce((sum, value) => sum + Math.abs(value - centre), 0);
}

function median(values: readonly number[]): number {
  const value = quantile(values, 0.5);
  return value.kind === 'value' ? value.value : Number.NaN;
}

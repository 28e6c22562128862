/**
 * What goes along with slow launches: other programs (neighbour) or a lower frequency (thermal). Spearman's correlation of
 * launches relative to their cell's mean, one-sided, by permutation within launches of the same cells. That two things go together is no proof
 * that one causes the other; a count of thermal slow-downs is, and needs no test.
 */
import type { RandomStream } from '../kernel/random.ts';
import { slope } from '../stats/least-squares.ts';
import { sumOf } from '../stats/moments.ts';
import { permutationP } from '../stats/permutation.ts';
import { ranks } from '../stats/ranks.ts';
import { ALARM_LEVEL, type Finding, percent } from './finding.ts';
import { type LaunchDeviation, meanOf, type RepeatSpeed, relative, type SpeedSeries } from './series.ts';

const NOTABLE_EFFECT = 0.02;
const LEAST_LAUNCHES = 6;

interface Relation {
  readonly points: number;
  readonly p: number;
  /** Relative speed at the mean of the figure against its best value. */
  readonly effect: number;
}

export function neighbour(launches: readonly LaunchDeviation[], stream: RandomStream): Finding[] {
  const found = relation(launches, ({ foreignCpuShare }) => foreignCpuShare, -1, stream);
  if (found === undefined) return [];
  const { points, p, effect } = found;
  return [
    {
      kind: 'neighbour',
      evidence: {
        test: 'Spearman, speed with foreign CPU share, permutations within launches of the same cells',
        points,
        p,
        effect,
      },
      sentence: {
        en: `Other programs slowed the run: launches with more foreign CPU were slower, about ${percent(effect)} on average against the quietest launch.`,
        ja: `他のプログラムが実行を遅くしました: 他のプロセスの CPU 使用が多い起動ほど遅く、最も静かな起動に比べて平均約 ${percent(effect)} 遅くなっています。`,
      },
    },
  ];
}

export function thermal(
  series: readonly SpeedSeries[],
  launches: readonly LaunchDeviation[],
  stream: RandomStream,
): Finding[] {
  const all = series.flatMap((one) => one.launches);
  const repeats = sumOf(all, (launch) => launch.repeats.length);
  const isHot = ({ throttleEvents }: RepeatSpeed): boolean => (throttleEvents ?? 0) > 0;
  const hot = sumOf(all, (launch) => launch.repeats.filter(isHot).length);
  if (hot > 0) {
    return [
      {
        kind: 'thermal',
        evidence: { test: 'thermal slow-downs counted by the processor', points: repeats },
        sentence: {
          en: `The processor slowed down for heat in ${hot} of ${repeats} repeats: cool it, or let it rest between launches.`,
          ja: `${repeats} 反復中 ${hot} 反復で、プロセッサーが熱のために減速しました。冷却するか、起動の間に休ませてください。`,
        },
      },
    ];
  }
  const found = relation(launches, ({ frequency_Hz }) => frequency_Hz, 1, stream);
  if (found === undefined) return [];
  const { points, p, effect } = found;
  return [
    {
      kind: 'thermal',
      evidence: {
        test: 'Spearman, speed with CPU frequency, permutations within launches of the same cells',
        points,
        p,
        effect,
      },
      sentence: {
        en: `Slow launches ran at a lower frequency, about ${percent(effect)} slower on average than at the highest: heat, a power limit or the governor.`,
        ja: `遅い起動は周波数が低く、最高周波数のときより平均約 ${percent(effect)} 遅くなっています: 熱、電力制限、またはガバナーによります。`,
      },
    },
  ];
}

/** `sign` 1: more of the figure goes with more speed; -1: with less. Undefined where there is nothing to say. */
function relation(
  launches: readonly LaunchDeviation[],
  figureOf: (repeat: RepeatSpeed) => number | undefined,
  sign: 1 | -1,
  stream: RandomStream,
): Relation | undefined {
  const read = launches.flatMap(({ group, deviation, repeats }) => {
    const figures = repeats.map(figureOf).filter((figure) => figure !== undefined);
    return figures.length === 0 ? [] : [{ group, deviation, figure: meanOf(figures) }];
  });
  if (read.length < LEAST_LAUNCHES) return undefined;
  const figures = read.map(({ figure }) => figure);
  const fitted = slope(read.map(({ figure, deviation }) => ({ x: figure, y: deviation })));
  if (fitted.kind === 'missing') return undefined;
  const best = sign === 1 ? Math.max(...figures) : Math.min(...figures);
  const effect = relative(fitted.value.slope * (meanOf(figures) - best));
  if (effect > -NOTABLE_EFFECT) return undefined;
  const figureRanks = ranks(figures);
  const centre = (read.length + 1) / 2;
  const p = permutationP(
    read.map(({ deviation }) => deviation),
    read.map(({ group }) => group),
    // Larger is more of the relation asked for; never below 0, where a factor would turn the order round.
    (deviations) =>
      Math.max(
        0,
        sign * ranks(deviations).reduce((sum, rank, i) => sum + (rank - centre) * (figureRanks[i] ?? 0), 0),
      ),
    stream,
  );
  return p < ALARM_LEVEL ? { points: read.length, p, effect } : undefined;
}

/**
 * The engine ran at two speeds: between launches (memory layout, huge pages, placement of threads) or within them
 * (frequency, a neighbour). Hartigan's dip of the distances from the middle launch of the same cells, or from the middle repeat
 * of the same launch, all together. The middle is one of the values, not their mean: a mean lies between two speeds and
 * would smear them.
 */
import type { RandomStream } from '../kernel/random.ts';
import { dip, dipP } from '../stats/dip.ts';
import { sum } from '../stats/moments.ts';
import { sorted } from '../stats/quantiles.ts';
import { ALARM_LEVEL, type Finding, type FindingKind, percent } from './finding.ts';
import { type LaunchDeviation, meanOf, relative, type SpeedSeries } from './series.ts';

const NOTABLE_DISTANCE = 0.03;
const LEAST_VALUES = 12;
/** Fewer values say too little of their middle. */
const LEAST_OF_GROUP = 3;
/** Half of all uniform samples have a larger dip than this over the root of their size: no need to ask further. */
const ORDINARY_DIP = 0.3;

export function twoSpeeds(
  series: readonly SpeedSeries[],
  launches: readonly LaunchDeviation[],
  stream: RandomStream,
): Finding[] {
  const groups = new Map<string, number[]>();
  for (const { group, deviation } of launches) groups.set(group, [...(groups.get(group) ?? []), deviation]);
  const within = series.flatMap((one) =>
    one.launches.map(({ repeats }) => repeats.map(({ logSpeed }) => logSpeed)),
  );
  return [
    ...finding('two-speeds-between-launches', [...groups.values()].flatMap(fromMiddle), stream),
    ...finding('two-speeds-within-launches', within.flatMap(fromMiddle), stream),
  ];
}

/** Distances from the middle value, which is one of the values itself and is left out. */
function fromMiddle(values: readonly number[]): number[] {
  if (values.length < LEAST_OF_GROUP) return [];
  const ascending = sorted(values);
  const place = Math.floor((ascending.length - 1) / 2);
  const middle = ascending[place] ?? 0;
  const distances: number[] = [];
  for (const [index, value] of ascending.entries()) if (index !== place) distances.push(value - middle);
  return distances;
}

function finding(kind: FindingKind, values: readonly number[], stream: RandomStream): Finding[] {
  const points = values.length;
  if (points < LEAST_VALUES || dip(values) * Math.sqrt(points) < ORDINARY_DIP) return [];
  const effect = relative(-distanceOfHalves(values));
  if (Math.abs(effect) < NOTABLE_DISTANCE) return [];
  const p = dipP(values, stream);
  if (p >= ALARM_LEVEL / 2) return [];
  const between = kind === 'two-speeds-between-launches';
  return [
    {
      kind,
      evidence: { test: "Hartigan's dip", points, p, effect },
      sentence: {
        en: `There were two speeds ${between ? 'from launch to launch' : 'within launches'}, about ${percent(effect)} apart: a mean lies between them and describes neither. ${between ? 'Memory layout, huge pages or the placement of threads may differ by launch.' : 'The frequency or a neighbour may come and go.'}`,
        ja: `${between ? '起動によって' : '起動の中で'}速度が二つに分かれ、差は約 ${percent(effect)} です: 平均はその間にあり、どちらも表しません。${between ? 'メモリ配置、ヒュージページ、スレッドの配置が起動ごとに違う可能性があります。' : '周波数の変化、または同居する負荷の増減が考えられます。'}`,
      },
    },
  ];
}

/** Distance between the means of the two parts into which the values split with the least variance within (Fisher 1958). */
function distanceOfHalves(values: readonly number[]): number {
  const ascending = [...values].sort((a, b) => a - b);
  const total = sum(ascending);
  let best = { between: Number.NEGATIVE_INFINITY, cut: 1 };
  let below = 0;
  for (const [index, value] of ascending.slice(0, -1).entries()) {
    below += value;
    const cut = index + 1;
    const above = ascending.length - cut;
    const between = cut * above * ((total - below) / above - below / cut) ** 2;
    if (between > best.between) best = { between, cut };
  }
  return meanOf(ascending.slice(best.cut)) - meanOf(ascending.slice(0, best.cut));
}

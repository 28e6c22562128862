/**
 * The interval of a mean that may be looked at after each launch and stopped at: Student's t about the mean, at the level
 * that the design gives to this look (`sequential.ts`). No line and no bootstrap: the design's levels are those of t.
 */
import { type Maybe, mapMaybe, missing, NOT_MEASURED, present, presentValues } from '../kernel/maybe.ts';
import { type Estimate, relativeHalfWidth } from './estimate.ts';
import { type IntervalMethod, methodWords } from './interval-method.ts';
import { type LaunchValues, launchSpread } from './launch-spread.ts';
import { mean, sum, variance } from './moments.ts';
import { degreesOfFreedom, hasUnequalRepeats } from './satterthwaite.ts';
import { levelAtLook, noInterval, type SequentialDesign } from './sequential.ts';
import { twoSidedFactor } from './student-t.ts';

/**
 * As `meanInterval`, for launches that were looked at by `design`; the interval is missing before the first look. Its
 * level is the design's: that of all looks together.
 */
export function repeatedInterval(
  launches: readonly LaunchValues[],
  design: SequentialDesign,
): Maybe<Estimate> {
  const groups = launches.filter((values) => values.length > 0);
  const launchMeans = presentValues(groups.map(mean));
  const spread = variance(launchMeans);
  const level = levelAtLook(design, groups.length);
  return mapMaybe(mean(launchMeans), (centre): Estimate => {
    const common = {
      mean: centre,
      launches: groups.length,
      repeats: sum(groups.map((values) => values.length)),
      origin: 'measured' as const,
    };
    if (spread.kind === 'missing' || level.kind === 'missing') {
      const single: IntervalMethod = { kind: 'single-launch' };
      if (groups.length === 1)
        return {
          ...common,
          interval: missing({ en: 'no interval: single launch', ja: '区間なし: 起動が 1 回だけ' }),
          rule: methodWords(single),
          method: single,
        };
      const reason = level.kind === 'missing' ? level.reason : NOT_MEASURED;
      return {
        ...common,
        interval: missing(noInterval(reason)),
        rule: { en: 'none between looks', ja: '確認と確認の間にはなし' },
      };
    }
    const degrees = degreesOfFreedom(groups, spread.value);
    const half = twoSidedFactor(level.value, degrees) * Math.sqrt(spread.value / groups.length);
    const method: IntervalMethod = {
      kind: 'repeated-t',
      launches: groups.length,
      degreesOfFreedom: degrees,
      unequalRepeats: hasUnequalRepeats(groups),
      firstLook: design.first,
      lastLook: design.maximum,
      lookLevel: level.value,
    };
    return {
      ...common,
      interval: present({ low: centre - half, high: centre + half, level: design.level }),
      rule: methodWords(method),
      method,
      spread: launchSpread(groups, spread.value),
    };
  });
}

/** Whether the value is known well enough to stop: half of its interval is at most `width` of it. */
export function isNarrow(
  launches: readonly LaunchValues[],
  design: SequentialDesign,
  width: number,
): boolean {
  const estimate = repeatedInterval(launches, design);
  const half = estimate.kind === 'value' ? relativeHalfWidth(estimate.value) : undefined;
  return half !== undefined && half <= width;
}

/**
 * The ratio of two configurations that ran in the same blocks: t over the differences of logarithms, one per block, so
 * that a slow quarter of an hour, which multiplies both sides, cancels. The estimate is the geometric mean of the
 * ratios; its interval is asymmetric and never includes 0 or less.
 * Source: Fleming, Wallace, "How not to lie with statistics", CACM 29 (1986), for the geometric mean of ratios; the
 * paired t interval is textbook (Cox, "Planning of Experiments", 1958, chapter 3, on blocking).
 */
import { type Maybe, mapMaybe, missing, present } from '../kernel/maybe.ts';
import { type Estimate, LEVEL } from './estimate.ts';
import { meanInterval } from './mean-interval.ts';

/** Launch means of both sides in one block; both positive, in the same unit. */
export interface PairedBlock {
  readonly a: number;
  readonly b: number;
}

/** a / b with its interval; `launches` counts blocks. Missing without a block in which both sides are positive. */
export function pairedRatio(blocks: readonly PairedBlock[], level: number = LEVEL): Maybe<Estimate> {
  const usable = blocks.filter(({ a, b }) => a > 0 && b > 0);
  if (usable.length === 0) return missing('no block in which both were measured');
  const logarithms = usable.map(({ a, b }) => [Math.log(a / b)]);
  return mapMaybe(meanInterval(logarithms, level), (estimate) => ({
    ...estimate,
    mean: Math.exp(estimate.mean),
    interval:
      estimate.interval.kind === 'missing'
        ? missing('no interval: single block')
        : present({
            low: Math.exp(estimate.interval.value.low),
            high: Math.exp(estimate.interval.value.high),
            level,
          }),
    rule: `t over ${usable.length} logarithms of ratios paired by block`,
  }));
}

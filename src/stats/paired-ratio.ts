/**
 * The ratio of two configurations that ran in the same blocks, with its interval: `log-ratio.ts` says how. The estimate
 * is the geometric mean of the ratios; its interval is asymmetric and never includes 0 or less.
 */
import { type Maybe, mapMaybe } from '../kernel/maybe.ts';
import { type Estimate, LEVEL } from './estimate.ts';
import { type PairedBlock, pairedLogRatio, ratioEstimate } from './log-ratio.ts';

/** a / b with its interval; `launches` counts blocks. Missing without a block in which both sides are positive. */
export function pairedRatio(blocks: readonly PairedBlock[], level: number = LEVEL): Maybe<Estimate> {
  return mapMaybe(pairedLogRatio(blocks), (ratio) => ratioEstimate(ratio, level));
}

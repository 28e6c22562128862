/** How long references may take: a budget is for measuring, so those of a model get half of the time that is left. */
import type { Words } from '../kernel/language.ts';
import { CHECK_DEADLINE_MS } from './reference.ts';
import type { TimeLimit } from './time-limit.ts';

const REFERENCE_SHARE = 0.5;
const LEAST_DEADLINE_MS = 1000;

/** The time that references have left, of the half that they get. */
export interface ReferenceTime {
  /** Of the next request to a worker. */
  readonly deadline_ms: () => number;
  /** Why there is none left; undefined where there is. */
  readonly spent: () => Words | undefined;
  /** The same for a request that ran into `deadline_ms`; undefined where that was not shortened. */
  readonly cutShort: (deadline_ms: number) => Words | undefined;
}

/** Half of the budget that is left when references are begun. */
export function referenceTime({ left_ms }: TimeLimit): ReferenceTime {
  const begin_ms = left_ms();
  const allowed_ms = (): number => {
    const left = left_ms();
    if (left === undefined || begin_ms === undefined) return CHECK_DEADLINE_MS;
    return Math.round(left - (1 - REFERENCE_SHARE) * begin_ms);
  };
  const share_s = Math.round((REFERENCE_SHARE * (begin_ms ?? 0)) / 1000);
  const why: Words = {
    en: `references get half of the budget that was left, ${share_s} s, and that was used up`,
    ja: `参照に使えるのは残り予算の半分の ${share_s} 秒で、使い切りました`,
  };
  return {
    deadline_ms: () => Math.min(CHECK_DEADLINE_MS, Math.max(LEAST_DEADLINE_MS, allowed_ms())),
    spent: () => (allowed_ms() <= 0 ? why : undefined),
    cutShort: (deadline_ms) => (deadline_ms < CHECK_DEADLINE_MS ? why : undefined),
  };
}

/**
 * Claims whose truth is known:
 * - `true` and `false` by a clear margin: to be decided, and rightly;
 * - `open`: not to be decided. The margin of a quantity is the truth itself: refuted = a true claim was called false;
 *   supported = a claim that is false by as little as one likes was called true. Nothing is harder, so its rate bounds
 *   that of every other claim. Of a fact, nothing is known of it.
 */
import type { Verdict } from '../../src/verdicts/judge.ts';

export type Truth = 'true' | 'false' | 'open';

export interface KnownClaim {
  readonly id: string;
  readonly kind: string;
  /** The fields of its kind, as a study writes them between braces. */
  readonly fields: string;
  readonly truth: Truth;
}

/** A claim with what came out of it. */
export interface JudgedClaim extends KnownClaim {
  readonly outcome: Verdict['outcome'];
}

/** Its line in a study file. */
export const claimLine = ({ id, kind, fields }: KnownClaim): string =>
  `  - {id: ${id}, claim: said, kind: ${kind}, ${fields}}\n`;

/** Three claims on one quantity: the margin at the truth, clearly true, clearly false. */
export const threeClaims = (
  id: string,
  kind: string,
  fields: string,
  margins: { readonly open: string; readonly true: string; readonly false: string },
): KnownClaim[] =>
  (['open', 'true', 'false'] as const).map((truth) => ({
    id: `${id}.${truth}`,
    kind,
    fields: `${fields}, ${margins[truth]}`,
    truth,
  }));

/** Whether the verdict says something that is not so, or that nobody can know. */
export function isWrong({ truth, outcome }: JudgedClaim): boolean {
  switch (truth) {
    case 'open':
      return outcome === 'supported' || outcome === 'refuted';
    case 'true':
      return outcome === 'refuted';
    case 'false':
      return outcome === 'supported';
  }
}

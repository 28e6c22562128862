/**
 * Where a conclusion stands on the machine that measured: as it was made, or carried over to the device that is here. A
 * conclusion about GPUs that holds on a CPU is said to carry over; its verdict stays *not measured here*.
 */
import { assertNever } from '../kernel/errors.ts';
import type { Elsewhere, Verdict } from '../verdicts/judge.ts';

export type Standing = 'holds' | 'does-not-hold' | 'undecided' | 'not-measured';

export interface Standings {
  readonly holds: readonly Verdict[];
  readonly doesNotHold: readonly Verdict[];
  readonly undecided: readonly Verdict[];
  readonly notMeasured: readonly Verdict[];
}

/** Verdicts by standing, in their order. */
export function standings(verdicts: readonly Verdict[]): Standings {
  const of = (standing: Standing): Verdict[] => verdicts.filter((one) => standingOf(one) === standing);
  return {
    holds: of('holds'),
    doesNotHold: of('does-not-hold'),
    undecided: of('undecided'),
    notMeasured: of('not-measured'),
  };
}

const CARRIED: Readonly<Record<Elsewhere['outcome'], Standing>> = {
  'carries-over': 'holds',
  'does-not-carry-over': 'does-not-hold',
  undecided: 'undecided',
};

/** Of one verdict; a stand-in for an engine that does not run here decides nothing. */
export function standingOf({ outcome, elsewhere }: Verdict): Standing {
  switch (outcome) {
    case 'supported':
      return 'holds';
    case 'refuted':
      return 'does-not-hold';
    case 'undecided':
      return 'undecided';
    case 'not-measured':
      return elsewhere === undefined ? 'not-measured' : CARRIED[elsewhere.outcome];
    default:
      return assertNever(outcome, 'outcome');
  }
}

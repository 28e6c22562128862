/**
 * Evidence for and against a claim as two p-values, and how the evidence of parts combines.
 * - `support`: p-value of "the claim does not hold"; small = the data support it.
 * - `refute`: p-value of "the claim holds"; small = the data refute it.
 * All parts must hold: support is the largest of theirs (intersection-union test: Berger, "Multiparameter hypothesis
 * testing and acceptance sampling", Technometrics 24, 1982), refute the smallest times their number (Bonferroni). One part
 * must hold: the other way round. A part without data has undefined p-values.
 */
import type { Words } from '../kernel/language.ts';
import type { Maybe } from '../kernel/maybe.ts';
import type { Estimate } from '../stats/estimate.ts';

export interface Evidence {
  readonly support: number;
  readonly refute: number;
}

/** One quantity that was tested against a bound, for the reader. */
export interface Effect {
  /** What it is: `throughput, transformers / onnxruntime: open-calm-small`. */
  readonly name: Words;
  readonly value: Maybe<Estimate>;
  /** `at least 1.5`. */
  readonly bound: Words;
  /** Unit of the value: `ratio`, `share`, or a metric's. */
  readonly unit: Words;
}

/** What a test of a claim found. */
export type Tested =
  | {
      readonly kind: 'tested';
      readonly evidence: Evidence;
      readonly effects: readonly Effect[];
      readonly missing: readonly Absence[];
    }
  | { readonly kind: 'not-measured'; readonly reason: Words; readonly missing: readonly Absence[] };

/** A cell that the claim speaks of and that has no value. */
export interface Absence {
  readonly name: string;
  readonly reason: Words;
  readonly obstacle: Obstacle;
}

/** Why there is no value, from what more time would give to what nothing gives here. */
export const OBSTACLES = ['not-run', 'no-value', 'failed', 'refused', 'unavailable', 'unsupported'] as const;

export type Obstacle = (typeof OBSTACLES)[number];

/** A part of a claim: an effect with its evidence; without an interval the evidence is none at all. */
export interface Part {
  readonly effect: Effect;
  readonly evidence: Evidence;
}

export const NO_EVIDENCE: Evidence = { support: 1, refute: 1 };

/** Certain one way or the other, from facts that carry no noise. */
export const certainly = (holds: boolean): Evidence =>
  holds ? { support: 0, refute: 1 } : { support: 1, refute: 0 };

export const not = ({ support, refute }: Evidence): Evidence => ({ support: refute, refute: support });

/** All of `parts` hold. */
export const all = (parts: readonly Evidence[]): Evidence =>
  parts.length === 0
    ? NO_EVIDENCE
    : {
        support: Math.max(...parts.map(({ support }) => support)),
        refute: Math.min(1, parts.length * Math.min(...parts.map(({ refute }) => refute))),
      };

/** At least one of `parts` holds. */
export const any = (parts: readonly Evidence[]): Evidence => not(all(parts.map(not)));

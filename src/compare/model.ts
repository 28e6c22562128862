/** A comparison as plain data, before any text layout; it survives JSON unchanged. */
import type { Words } from '../kernel/language.ts';
import type { Maybe } from '../kernel/maybe.ts';
import type { Caveat, LabelFact, MetricColumn, NamedReason } from '../report/model.ts';
import type { Estimate } from '../stats/estimate.ts';
import type { ComparisonOutcome } from '../stats/outcome.ts';

import type { Looks } from './sequential.ts';

/** Raised when a field changes its meaning; new fields do not raise it. */
export const COMPARISON_VERSION = 1;

export interface ComparisonReport {
  readonly version: typeof COMPARISON_VERSION;
  /** One sentence: how many comparisons ended in which outcome. */
  readonly summary: Words;
  readonly verdict: Verdict;
  readonly metric: MetricColumn;
  /** 0.02: ratios in [1 / 1.02, 1.02] count as equal. */
  readonly margin: number;
  /** Coverage of each interval, and 1 - alpha of the family. */
  readonly level: number;
  /** Comparisons that were decided together, by Holm's procedure or (with looks) by Bonferroni's. */
  readonly family: number;
  /** Where the comparison was looked at after every block, from the first of these to the last. */
  readonly looks: Looks | undefined;
  /** The baseline. */
  readonly a: ComparedSide;
  /** What is compared with it. */
  readonly b: ComparedSide;
  /** What all compared cells of both sides share. */
  readonly common: readonly LabelFact[];
  readonly rows: readonly ComparedPair[];
  readonly leftOut: readonly NamedReason[];
  /** Conditions that differ between the two runs. */
  readonly differences: readonly { readonly name: Words; readonly a: Words; readonly b: Words }[];
  readonly caveats: readonly Caveat[];
}

/** What a build server needs: the worst that was found. */
export type Verdict = 'ok' | 'regression' | 'undecided' | 'invalid';

export interface ComparedSide {
  readonly run: string;
  readonly study: string;
  /** `engine=onnxruntime`; empty = every cell of the run. */
  readonly selection: string;
  /** Wall-clock time of the first and the last launch, as labels. */
  readonly first: string;
  readonly last: string;
}

export interface ComparedPair {
  /** What tells this pair from the others: `batch 4`. */
  readonly label: string;
  readonly cellKeyA: string;
  readonly cellKeyB: string;
  /** In the metric's stored unit; missing with the reason, a failure included. */
  readonly a: Maybe<Estimate>;
  readonly b: Maybe<Estimate>;
  readonly design: Design;
  /** How much better B is: above 1 = better, whatever the metric's direction. */
  readonly ratio: Maybe<Estimate>;
  readonly outcome: ComparisonOutcome;
  readonly pDifferent: Maybe<number>;
  readonly pEquivalent: Maybe<number>;
  readonly minimumDetectableRatio: Maybe<number>;
}

export type Design =
  | { readonly kind: 'paired'; readonly blocks: number }
  | {
      readonly kind: 'unpaired';
      readonly launchesA: number;
      readonly launchesB: number;
      readonly reason: string;
    };

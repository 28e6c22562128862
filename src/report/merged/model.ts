/** Runs of several machines in one report, as plain data; it survives JSON unchanged. Nothing in it is paired. */

import type { Language, Words } from '../../kernel/language.ts';
import type { Maybe } from '../../kernel/maybe.ts';
import type { Estimate } from '../../stats/estimate.ts';
import type { ComparisonOutcome } from '../../stats/outcome.ts';
import type { Outcome } from '../../verdicts/judge.ts';
import type { ChoiceSection } from '../choice-model.ts';
import type { ExperimentSection } from '../experiments.ts';
import type { Caveat, FailureGroup } from '../model.ts';

/** Raised when a field changes its meaning; new fields do not raise it. */
export const MERGED_VERSION = 1;

export interface MergedReport {
  readonly version: typeof MERGED_VERSION;
  readonly title: string;
  readonly language?: Language;
  readonly machines: readonly MergedMachine[];
  /** Conditions that differ between the runs. */
  readonly differences: readonly MergedDifference[];
  /** Bars by machine, device and engine, a panel per model; absent where nothing was measured. */
  readonly devices?: ExperimentSection;
  /** 0.02: ratios in [1 / 1.02, 1.02] count as equal. */
  readonly margin: number;
  readonly level: number;
  /** Comparisons that were decided together, by Holm's procedure. */
  readonly family: number;
  /** Cells that at least two runs measured. */
  readonly rows: readonly MergedRow[];
  /** Verdicts by claim; absent where there are none, or where margins differ. */
  readonly claims?: readonly MergedClaim[];
  readonly caveats: readonly Caveat[];
}

export interface MergedMachine {
  /** `A`, `B`, ... in the order given. */
  readonly letter: string;
  /** `Intel Xeon ..., 2 threads`: never a host name. */
  readonly name: string;
  /** 16 hexadecimal digits; equal for runs of one machine. */
  readonly fingerprint: string;
  readonly runId: string;
  /** Wall-clock time at which the run began; empty where it did not. */
  readonly began: string;
  readonly choice?: ChoiceSection;
  /** What failed there. */
  readonly failures: readonly FailureGroup[];
}

export interface MergedDifference {
  readonly name: Words;
  /** By machine, in their order. */
  readonly values: readonly Words[];
}

export interface MergedRow {
  readonly label: string;
  /** Tokens/s by machine; missing with the reason. */
  readonly throughput: readonly Maybe<Estimate>[];
  /** Each later machine against the first that measured the cell. */
  readonly against: readonly MergedComparison[];
}

export interface MergedComparison {
  /** Letters: `machine` over `base`. */
  readonly machine: string;
  readonly base: string;
  /** Welch's t over launch means: the machines share no block. Its interval is of this comparison alone. */
  readonly ratio: Maybe<Estimate>;
  /** Of all comparisons decided together. */
  readonly outcome: ComparisonOutcome;
}

export interface MergedClaim {
  readonly id: string;
  readonly statement: string;
  /** By machine. */
  readonly outcomes: readonly Outcome[];
}

/** The answer for a chooser as plain data (part of `model.ts`); `choice.ts` makes it. */
import type { Words } from '../kernel/language.ts';
import type { Maybe } from '../kernel/maybe.ts';
import type { ContestResult } from '../stats/best-of.ts';
import type { Estimate } from '../stats/estimate.ts';

/** Among which outputs one competes. */
export type WinnerClass = 'equal-to-fp32' | 'any-precision';

export interface ChoiceSection {
  /** Ratios within this of 1 count as equal; 0.02 = 2 %. */
  readonly margin: number;
  /** 1 - the probability of one wrong name or more in the whole table; the same of one wrong "equal". */
  readonly level: number;
  /** Contests that were decided together: different sets of at least two rivals. */
  readonly contests: number;
  readonly places: readonly ChoicePlace[];
}

/** Everything that a chooser cannot choose. */
export interface ChoicePlace {
  readonly device: string;
  readonly model: string;
  /** Parameters of the model; undefined where Hayasa does not describe its architecture. */
  readonly parameters: number | undefined;
  /** `64 tokens in, 256 out`. */
  readonly workload: Words;
  readonly batch: number;
  readonly settingKey: string;
  readonly choices: readonly Choice[];
}

export interface Choice {
  readonly among: WinnerClass;
  readonly outcome: ContestResult['outcome'];
  /** The leader, then those that may be chosen as well, the fastest first. */
  readonly options: readonly ChoiceOption[];
  /** The rival that comes nearest; undefined without one. */
  readonly runnerUp: ChoiceRunnerUp | undefined;
  /**
   * The largest confidence at which the whole table would still say this; of `undecided`: would name the leader as the
   * fastest. Undefined without a rival.
   */
  readonly confidence: number | undefined;
}

export interface ChoiceOption {
  readonly cellKey: string;
  readonly label: string;
  readonly engine: string;
  readonly precision: string;
  /** Tokens/s, of the fresh blocks where there are any. */
  readonly throughput: Estimate;
  /** Money per million tokens, missing without a price. */
  readonly cost: Readonly<Record<CostKind, Maybe<Estimate>>>;
}

export type CostKind = 'newTokens' | 'inputTokens' | 'outputTokens';

export interface ChoiceRunnerUp {
  readonly cellKey: string;
  readonly label: string;
  /** Leader over this, with the interval of this comparison alone. */
  readonly ratio: Maybe<Estimate>;
  readonly design: 'paired' | 'unpaired';
}

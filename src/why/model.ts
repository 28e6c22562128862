/** Why one cell is faster than another, as plain data. */
import type { ComparedPair } from '../compare/model.ts';
import type { Maybe } from '../kernel/maybe.ts';
import type { Profile } from '../protocol/sample.ts';
import type { Caveat } from '../report/model.ts';
import type { Estimate, Interval } from '../stats/estimate.ts';

/** Raised when a field changes its meaning; new fields do not raise it. */
export const EXPLANATION_VERSION = 1;

export interface Explanation {
  readonly version: typeof EXPLANATION_VERSION;
  readonly runId: string;
  readonly a: ExplainedSide;
  readonly b: ExplainedSide;
  /** Throughput of B against A, as `hayasa compare` gives it. */
  readonly comparison: ComparedPair;
  readonly decode: PhaseExplanation;
  readonly prefill: PhaseExplanation;
  /** Kernels by operator, per decode step; where one side has no profile its numbers are missing. */
  readonly operators: readonly OperatorDifference[];
  /** The share of a decode step in which no kernel runs. */
  readonly idle: { readonly a: Maybe<number>; readonly b: Maybe<number> };
  readonly caveats: readonly Caveat[];
}

export interface ExplainedSide {
  readonly cellKey: string;
  readonly label: string;
  readonly profile: Maybe<Profile>;
}

/** A phase of both sides, and its ratio split into factors whose product it is. */
export interface PhaseExplanation {
  readonly a: Maybe<PhaseWork>;
  readonly b: Maybe<PhaseWork>;
  /** How many times as fast B's step is as A's, with its interval: paired by block where both ran in one. */
  readonly speed: Maybe<Estimate>;
  readonly factors: Maybe<SpeedFactors>;
}

/** Mean step of decode, or the whole prefill. */
export interface PhaseWork {
  /** Seconds, over launch means. */
  readonly step: Estimate;
  /** Its mean. */
  readonly step_s: number;
  readonly weightBytes: number;
  readonly kvBytes: number;
  readonly totalBytes: number;
  readonly flops: number;
  /** The least time that the measured roofs allow, and which roof sets it. */
  readonly roof: Maybe<{ readonly least_s: number; readonly bound: 'memory' | 'compute' }>;
  /** least_s / step_s: how much of what the machine allows is used. */
  readonly roofShare: Maybe<number>;
}

/**
 * speed = work x use: B's step is `speed` times as fast, of which `work` comes from a smaller least time (fewer bytes or
 * FLOPs) and `use` from coming nearer to it. Exact by construction.
 */
export interface SpeedFactors {
  readonly speed: number;
  readonly work: number;
  readonly use: number;
  /** That of the speed over the work: the roofs are taken as exact. */
  readonly useInterval: Maybe<Interval>;
}

export interface OperatorDifference {
  readonly name: string;
  readonly a: OperatorTime | undefined;
  readonly b: OperatorTime | undefined;
}

export interface OperatorTime {
  readonly callsPerStep: number;
  readonly step_ns: number;
  /** Of the profiled step. */
  readonly share: number;
}

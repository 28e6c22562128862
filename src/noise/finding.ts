/** A finding on the machine: what a test saw in the speeds of a run, as data, with a sentence for the report. */
import type { Words } from '../kernel/language.ts';

export type FindingKind =
  | 'drift'
  | 'step-change'
  | 'warm-up-not-over'
  | 'two-speeds-between-launches'
  | 'two-speeds-within-launches'
  | 'neighbour'
  | 'thermal';

export interface Finding {
  readonly kind: FindingKind;
  readonly evidence: Evidence;
  /** For the report's caveats: what was seen, and what it means for the numbers. */
  readonly sentence: Words;
}

export interface Evidence {
  /** The test, by name. */
  readonly test: string;
  /** Launches or repeats that it looked at. */
  readonly points: number;
  /** Probability of as much under white noise; undefined where something was counted and no test is needed. */
  readonly p?: number;
  /** Size of the effect on speed, relative: -0.05 is 5 % slower. */
  readonly effect?: number;
}

/**
 * Each test alarms at this level, so that a run without any trouble gives a false finding in at most about 6 % of cases
 * (six kinds of tests, two of them at half the level; those that look at how large the effect is alarm less).
 */
export const ALARM_LEVEL = 0.01;

/** `4.2 %` */
export const percent = (ratio: number): string => `${(Math.abs(ratio) * 100).toFixed(1)} %`;

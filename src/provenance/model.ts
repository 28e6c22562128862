/** Where the values of one cell come from, as plain data. */

import type { Cell } from '../axes/cell.ts';
import type { CellMemory, Noise, Roofs } from '../journal/record-parts.ts';
import type { Words } from '../kernel/language.ts';
import type { Maybe } from '../kernel/maybe.ts';
import type { Effective } from '../protocol/frames.ts';
import type { Fact } from '../report/input.ts';
import type { Agreement, MetricColumn } from '../report/model.ts';
import type { Estimate } from '../stats/estimate.ts';

/** Raised when a field changes its meaning; new fields do not raise it. */
export const PROVENANCE_VERSION = 1;

export interface Provenance {
  readonly version: typeof PROVENANCE_VERSION;
  readonly runId: string;
  readonly cellKey: string;
  readonly label: string;
  /** What the study asked for, every field. */
  readonly asked: Cell;
  readonly values: readonly ProvenValue[];
  /** Every launch that served the cell, in the order in which they started. */
  readonly launches: readonly ProvenLaunch[];
  readonly agreement: Agreement;
  /** Lines of the journal with the cell's agreement records. */
  readonly agreementLines: readonly number[];
  /** Lines with the roofs that the shares refer to. */
  readonly roofLines: readonly number[];
  /** Which code ran, by invocation of the run. */
  readonly invocations: readonly ProvenInvocation[];
  readonly conditions: readonly Fact[];
  readonly files: readonly Fact[];
  readonly commands: readonly Fact[];
}

export interface ProvenValue {
  readonly metric: MetricColumn & { readonly formula: string; readonly source: string };
  /** Ordinary rounds: what the table of the report shows. */
  readonly explore: Maybe<Estimate>;
  /** Fresh blocks, where the cell was measured again. */
  readonly confirm: Maybe<Estimate>;
}

export interface ProvenLaunch {
  readonly launch: string;
  readonly phase: 'explore' | 'confirm';
  readonly round: number;
  readonly block: number;
  readonly wallTime: string;
  readonly outcome: 'complete' | 'failed' | 'interrupted' | 'open';
  /** Whether its repeats are in the values. */
  readonly counted: Counted;
  /** 1-based lines of the journal. */
  readonly lines: LaunchLines;
  /** Of `lines.repeats`, the disturbed repeats that were measured again and are in no value. */
  readonly setAside: readonly number[];
  /** Values by metric id: one per repeat (or per launch), in the stored unit; what is missing isn't there. */
  readonly values: Readonly<Record<string, readonly number[]>>;
  /** What the engine says that it did. */
  readonly effective: Effective | undefined;
  readonly versions: Readonly<Record<string, string>>;
  readonly warmUps_ns: readonly number[];
  readonly steady: boolean | undefined;
  readonly noise: Noise | undefined;
  readonly memory: CellMemory | undefined;
  /** The short probe of the machine right after the launch; compares with other probes only. */
  readonly probe: Roofs | undefined;
  readonly failures: readonly Words[];
}

export type Counted = { readonly kind: 'counted' } | { readonly kind: 'left-out'; readonly reason: Words };

export interface LaunchLines {
  /** Start, ready, load and end of the launch. */
  readonly launch: readonly number[];
  readonly warmUp: readonly number[];
  readonly repeats: readonly number[];
  /** Memory and noise. */
  readonly measured: readonly number[];
  readonly failures: readonly number[];
}

export interface ProvenInvocation {
  readonly line: number;
  readonly wallTime: string;
  readonly hayasa: string;
  readonly commit: Maybe<string>;
  readonly lockHash: Maybe<string>;
}

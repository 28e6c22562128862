/** What a report is made from: plain values that the caller gathered. `buildReport` adds nothing of its own. */
import type { Cell } from '../axes/cell.ts';
import type { Dialect } from '../dialects/dialect.ts';
import type { MemoryEstimate } from '../engines/declaration.ts';
import type { ReadRecord } from '../journal/packed-repeats.ts';
import type { Language, Words } from '../kernel/language.ts';
import type { Maybe } from '../kernel/maybe.ts';
import type { CellSummary } from '../metrics/summarise.ts';
import type { Precision } from '../models/precision.ts';
import type { ModelShape } from '../models/shape.ts';
import type { SequentialDesign } from '../stats/sequential.ts';
import type { Prices } from '../study/price.ts';
import type { Experiment } from '../study/study.ts';
import type { Claim } from '../verdicts/claim.ts';
import type { ImportedInput } from './imported.ts';

export interface ReportInput {
  /** Of the labels in figures; English where it is not given. */
  readonly language?: Language;
  readonly runId: string;
  readonly study: {
    readonly name: string;
    /** Launches that the study wants of every cell. */
    readonly minimumRounds: number;
    /** Whether winners are measured again in fresh blocks. */
    readonly confirms: boolean;
    /** How the rounds were looked at while they went on; undefined where no cell could stop early. */
    readonly looks?: SequentialDesign;
    /** Named parts, for figures. */
    readonly experiments: readonly Experiment[];
    readonly claims: readonly Claim[];
    /** What `threads: all` means on the machine that measured. */
    readonly logicalCpus: number;
    /** What an hour costs, by device; empty where nobody said. */
    readonly pricePerHour: Prices;
  };
  readonly models: readonly ReportModelFacts[];
  /** Planned cells, the most important first. */
  readonly cells: readonly ReportCell[];
  readonly skipped: readonly ReportSkip[];
  readonly records: readonly ReadRecord[];
  /** Of `summaryRequest`, where they were made elsewhere already (on two threads). */
  readonly summaries?: ReadonlyMap<string, CellSummary>;
  readonly environment: ReportEnvironment;
  /** The command that repeats the run. */
  readonly command: string;
  /** Where things lie, for the reader: journal, reports. */
  readonly paths: readonly Fact[];
  /** The peer whose words stand beside ours. */
  readonly dialect?: Dialect;
  /** Results of other benchmarks. */
  readonly imported?: ImportedInput;
}

export interface ReportCell {
  readonly cell: Cell;
  readonly cellKey: string;
  /** Ids of experiments that it belongs to. */
  readonly experiments: readonly string[];
  /** The engine's name in tables. */
  readonly engineLabel: string;
  /** Missing for model files of an architecture that Hayasa does not describe. */
  readonly shape: Maybe<ModelShape>;
  /** What the engine's declaration makes of the cell's precision. */
  readonly precision: Precision;
  /** The engine's own word for it (`q8_0`). */
  readonly precisionOwnName: string;
  /** What a reader should know of this precision in this engine; empty where nothing. */
  readonly precisionNote: Words;
}

export interface ReportSkip {
  readonly cell: Cell;
  readonly cellKey: string;
  /** Ids of experiments. */
  readonly experiments: readonly string[];
  readonly kind: 'unsupported' | 'refused' | 'unavailable';
  readonly engineLabel: string;
  readonly reason: Words;
  /** Where memory is too small for it. */
  readonly needs?: MemoryEstimate;
}

export interface ReportModelFacts {
  readonly name: string;
  /** Seed of the synthetic weights; undefined where they are a real checkpoint's. */
  readonly syntheticSeed: number | undefined;
}

export interface ReportEnvironment {
  /** What tells machines apart, without a host name: `Intel Xeon ..., 2 threads` and the fingerprint of the hardware. */
  readonly machine: { readonly name: string; readonly fingerprint: string };
  /** What the answer calls the device: `this CPU (Intel Xeon ..., 2 threads)`. */
  readonly device: Words;
  /** Machine and versions, in the order in which they are printed. */
  readonly facts: readonly Fact[];
}

export interface Fact {
  readonly name: Words;
  readonly value: Words;
}

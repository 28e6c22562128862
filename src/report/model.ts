/**
 * The report as plain data, before any text layout: every format renders this and nothing else. It survives JSON
 * unchanged (no maps, no functions, no `undefined` that means something). What Hayasa says in it, it has in every
 * language; the JSON format writes the English. Names of cells are English.
 */

import type { Cell } from '../axes/cell.ts';
import type { Language, Words } from '../kernel/language.ts';
import type { Maybe } from '../kernel/maybe.ts';
import type { Finding } from '../noise/finding.ts';
import type { FailureCause } from '../protocol/failure.ts';
import type { Estimate } from '../stats/estimate.ts';
import type { ComparisonOutcome } from '../stats/outcome.ts';
import type { ChoiceSection, WinnerClass } from './choice-model.ts';
import type { ClaimsSection } from './claims.ts';
import type { DialectSection } from './dialect.ts';
import type { ExperimentSection } from './experiments.ts';
import type { ImportedSection } from './imported.ts';
import type { Fact } from './input.ts';
import type { LadderSection } from './ladder.ts';
import type { LengthDistribution } from './lengths.ts';
import type { QualitySection, RowQuality } from './quality.ts';

/** Raised when a field changes its meaning; new fields do not raise it. */
export const REPORT_VERSION = 1;

export interface Report {
  readonly version: typeof REPORT_VERSION;
  readonly title: string;
  readonly runId: string;
  readonly answer: Answer;
  /** Which engine and precision to take; absent where nothing was measured. */
  readonly choice?: ChoiceSection;
  readonly table: Table;
  /** Only where a dialect was asked for; its columns stand in the table's metrics. */
  readonly dialect?: DialectSection;
  /** Only where files of other benchmarks were given: rows that were not measured here. */
  readonly imported?: ImportedSection;
  /** The experiments of the study that have a figure; absent where it has none. */
  readonly experiments?: readonly ExperimentSection[];
  /** What each step of the study's ladders gains; absent where it has none. */
  readonly ladders?: readonly LadderSection[];
  /** Of the labels in figures; English where it is not given. */
  readonly language?: Language;
  /** Verdicts on the claims of the study; absent where it makes none. */
  readonly claims?: ClaimsSection;
  /** How long sequences were, where they differ or the model ended them; absent where all lengths are set and equal. */
  readonly lengths?: readonly LengthDistribution[];
  /** The text that quality was measured on; absent where the study does not ask. */
  readonly quality?: QualitySection;
  readonly caveats: readonly Caveat[];
  /** What tests on the speeds say of the machine, with their evidence; the caveats have their sentences. */
  readonly findings: readonly Finding[];
  readonly failures: readonly FailureGroup[];
  readonly dropped: readonly NamedReason[];
  readonly skipped: readonly NamedReason[];
  readonly conditions: readonly Fact[];
  readonly command: string;
  readonly paths: readonly Fact[];
}

/** The answer at the top: two sentences, and the data behind them for every setting of the study. */
export interface Answer {
  readonly sentences: readonly Words[];
  readonly settings: readonly SettingAnswer[];
}

/** A setting: everything that is equal for cells that compete, batch size aside. */
export interface SettingAnswer {
  /** Names what differs between settings, e.g. `open-calm-small, 64 in, 64 out`. */
  readonly setting: Words;
  readonly settingKey: string;
  readonly winners: readonly Winner[];
}

export interface Winner {
  readonly among: WinnerClass;
  readonly batch: number;
  readonly cellKey: string;
  readonly label: string;
  /** Throughput, tokens/s: of the fresh blocks where confirmed, else of the rounds that chose it. */
  readonly throughput: Estimate;
  readonly agreement: Agreement;
  readonly runnerUp: RunnerUp | undefined;
  readonly confirmation: Confirmation;
}

export interface RunnerUp {
  readonly cellKey: string;
  readonly label: string;
  /** Winner over runner-up, paired by block; from the same phase as the winner's throughput. */
  readonly ratio: Maybe<Estimate>;
  readonly outcome: ComparisonOutcome;
}

export type Confirmation =
  | { readonly kind: 'confirmed'; readonly blocks: number }
  | { readonly kind: 'overturned'; readonly blocks: number }
  | { readonly kind: 'not-confirmed'; readonly reason: Words };

export interface Table {
  /** What all rows share. */
  readonly common: readonly LabelFact[];
  /** What varies, in order; precision and engine always. */
  readonly labels: readonly LabelColumn[];
  /** What each engine makes of each precision, fp32 left out. */
  readonly precisions: readonly PrecisionLegend[];
  /** Metrics, the main ones first to be shown; all are in JSON and CSV. */
  readonly metrics: readonly MetricColumn[];
  readonly rows: readonly Row[];
}

export interface PrecisionLegend {
  readonly engine: string;
  /** The study's name for it: `w8`. */
  readonly precision: string;
  /** Which operands are quantised. */
  readonly kind: Words;
  /** The engine's own word: `q8_0`. */
  readonly ownName: string;
  /** What a reader should know; empty where nothing. */
  readonly note: Words;
}

export interface LabelColumn {
  readonly id: string;
  readonly title: Words;
  readonly numeric: boolean;
}

/** What all cells share. */
export interface LabelFact {
  readonly name: Words;
  readonly value: string;
}

export interface MetricColumn {
  readonly id: string;
  readonly title: Words;
  readonly definition: Words;
  readonly storedUnit: string;
  readonly shownUnit: string;
  /** shown = stored * scale */
  readonly scale: number;
  readonly digits: number;
  readonly better: 'higher' | 'lower';
  readonly shown: boolean;
}

export interface Row {
  readonly cellKey: string;
  readonly cell: Cell;
  readonly engineLabel: string;
  readonly settingKey: string;
  /** Engine, precision and varying options in one line. */
  readonly label: string;
  /** Text by label column id. */
  readonly labels: Readonly<Record<string, Words>>;
  /** By metric id, in the stored unit: ordinary rounds. */
  readonly values: Readonly<Record<string, Maybe<Estimate>>>;
  /** The same from the fresh blocks; only cells that were measured again. */
  readonly confirmed: Readonly<Record<string, Maybe<Estimate>>> | undefined;
  readonly agreement: Agreement;
  /** How well it predicts the study's text; absent where the study does not ask. */
  readonly quality?: RowQuality;
  readonly launches: number;
}

export type Agreement =
  | {
      readonly kind: 'equal-tokens';
      /** Positions before the first difference of each sequence. */
      readonly equal: number;
      readonly positions: number;
      /** Sequences that part from the reference where two tokens are equally likely; undefined where one parts elsewhere. */
      readonly nearTies: number | undefined;
    }
  | {
      readonly kind: 'teacher-forced';
      /** Share of positions at which the argmax is the reference's token. */
      readonly share: number;
      readonly positions: number;
      /** Mean KL(reference || this) in nats. */
      readonly meanKlDivergence: number | undefined;
      /** On synthetic weights margins are tiny, and the share says little. */
      readonly synthetic: boolean;
    }
  | { readonly kind: 'not-checked'; readonly reason: Words };

export interface Caveat {
  /** Stable, kebab-case. */
  readonly id: string;
  /** `invalid`: a number of this report must not be used; `warning`: read it before using a number; `note`: context. */
  readonly severity: 'invalid' | 'warning' | 'note';
  readonly text: Words;
}

export interface FailureGroup {
  readonly cause: FailureCause;
  readonly message: Words;
  readonly hint: Words | undefined;
  readonly stderrTail: string | undefined;
  /** Labels of the cells, without repetition. */
  readonly cells: readonly string[];
  readonly count: number;
}

export interface NamedReason {
  readonly reason: Words;
  readonly cells: readonly string[];
}

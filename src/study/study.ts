/** A study after parsing: plain data, every default filled in, every range expanded. The plan reads nothing else. */
import type { AxisValue } from '../axes/axis.ts';
import type { OptionValue } from '../axes/cell.ts';
import type { CellPattern } from '../axes/pattern.ts';
import type { AxisKey } from '../axes/registry.ts';
import type { TokenCounts } from '../axes/token-tests.ts';
import type { TechniqueId } from '../engines/techniques.ts';
import type { PrecisionName } from '../models/precision.ts';
import type { Claim } from '../verdicts/claim.ts';
import type { FigureKind } from './figure-kinds.ts';
import type { Prices } from './price.ts';

export interface Study {
  readonly name: string;
  readonly description: string | undefined;
  readonly models: readonly StudyModel[];
  /** Path of the text that prompts are cut from; undefined = Hayasa's own; false = token ids. */
  readonly text: string | false | undefined;
  /** Whether prompts are messages in a model's chat template: of every model, or of those that have one; absent = of none. */
  readonly chat?: true | 'where-available';
  readonly engines: readonly StudyEngine[];
  /** Values of each axis, defaults filled in. Precision is per engine. */
  readonly axes: Readonly<Record<AxisKey, readonly AxisValue[]>>;
  /** Token counts of llama-bench's tests; `undefined` = the product of the three token axes alone. */
  readonly tests: readonly TokenCounts[] | undefined;
  /** Whether the product of the token axes is measured (beside tests, where there are any). */
  readonly tokenProduct: boolean;
  /** Named parts, whose cells together are the study; empty = the study is one product. */
  readonly experiments: readonly Experiment[];
  /** Conclusions to test, with their margins. */
  readonly claims: readonly Claim[];
  readonly excludes: readonly CellPattern[];
  /** The most important first; cells that match none come last. */
  readonly priority: readonly CellPattern[];
  readonly rounds: RoundsPolicy;
  readonly repeats: RepeatsPolicy;
  readonly warmUp: WarmUpPolicy;
  readonly correctness: Correctness;
  /** `undefined` = quality is not measured. */
  readonly quality: QualityWish | undefined;
  /** Milliseconds of one invocation; `undefined` = until every cell has its maximum of rounds. */
  readonly budget_ms: number | undefined;
  /** What an hour costs, by device; never changes what is measured. */
  readonly pricePerHour: Prices;
  readonly seed: number;
}

/** A part of a study with axes of its own, everything resolved: names and axes that it does not give are the study's. */
export interface Experiment {
  readonly id: string;
  readonly title: string;
  /** How its readers know it; `undefined` = no figure of its own. */
  readonly figure: FigureKind | undefined;
  /** Names of models. */
  readonly models: readonly string[];
  /** Those with at least one of the experiment's precisions, and only with these. */
  readonly engines: readonly StudyEngine[];
  readonly axes: Study['axes'];
  /** Beside the study's own. */
  readonly excludes: readonly CellPattern[];
  /** Steps in order, whose cells are the experiment's; empty = it is a product. */
  readonly ladder: readonly LadderStep[];
}

/** One step of a ladder, everything resolved: the experiment's cells with these settings. */
export interface LadderStep {
  readonly name: string;
  /** What it adds, where that is a known technique. */
  readonly technique: TechniqueId | undefined;
  /** The step that it builds on; `undefined` for the first. */
  readonly from: string | undefined;
  /** What it sets, for readers. */
  readonly changes: readonly string[];
  readonly model: string;
  /** With one precision, and one value for every option. */
  readonly engine: StudyEngine;
  readonly axes: Study['axes'];
}

export type StudyModel =
  | {
      readonly kind: 'preset';
      readonly name: string;
      readonly preset: string;
      /** Seed of the synthetic weights. */
      readonly seed: number;
      readonly dtype: 'F32' | 'F16' | 'BF16';
      /** The preset's first layers only; `undefined` = all. */
      readonly layers: number | undefined;
    }
  | { readonly kind: 'path'; readonly name: string; readonly path: string }
  /** `hub`: owner/name or owner/name@revision. */
  | { readonly kind: 'hub'; readonly name: string; readonly hub: string };

export interface StudyEngine {
  readonly id: string;
  readonly version: string | undefined;
  /** Name in tables; by default the id, with the version where one was asked for. */
  readonly label: string;
  readonly precisions: readonly PrecisionName[];
  /** Whether the entry lists its precisions itself; else they are the axis's. */
  readonly listed: boolean;
  /** Options that the study sets; more than one value makes the option an axis. */
  readonly options: Readonly<Record<string, readonly OptionValue[]>>;
}

export interface RoundsPolicy {
  /** Launches that every kept cell gets. */
  readonly minimum: number;
  /** Launches after which a cell has enough. */
  readonly maximum: number;
  /** Fresh blocks that re-measure the winners; 0 = none. */
  readonly confirm: number;
  /** When a cell has enough before the maximum; `undefined` = never. */
  readonly until: UntilPolicy | undefined;
  /** Expected time beyond which a block is split between workloads; absent = two minutes. */
  readonly block_ms?: number;
}

export interface UntilPolicy {
  /** Half of the interval of the throughput, as a share of it; `undefined` = no width is enough. */
  readonly width: number | undefined;
  /** Whether it is enough that the comparison with the fastest rival is decided. */
  readonly decided: boolean;
}

export interface RepeatsPolicy {
  /** Generations of a cell in one launch, at least and at most. */
  readonly minimum: number;
  readonly maximum: number;
  /** Repeats go on until they span this long, so that the noise gauge has a window. */
  readonly window_ms: number;
}

export interface WarmUpPolicy {
  /** Warm-up generations at most, steady or not. */
  readonly maximum: number;
  /** New tokens per sequence of a warm-up generation. */
  readonly tokens: number;
}

export interface QualityWish {
  /** Path of the text; `undefined` = the study's, or Hayasa's own. */
  readonly text: string | undefined;
  /** Code points of it that are used, from its beginning. */
  readonly characters: number;
}

export interface Correctness {
  readonly check: boolean;
  /** Id of the engine whose fp32 tokens are the reference; `undefined` = chosen by the run. */
  readonly engine: string | undefined;
  readonly options: Readonly<Record<string, OptionValue>>;
}

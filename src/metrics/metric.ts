/**
 * One metric is one declaration in a file of its own: what it means, its formula, its units, when it is undefined and
 * why. Tables, columns, help and the generated docs read the declaration; `compute` is pure.
 */

import type { Cell } from '../axes/cell.ts';
import type { CellMemory, JournalSample, Noise, Roofs } from '../journal/record-parts.ts';
import type { Words } from '../kernel/language.ts';
import type { Maybe } from '../kernel/maybe.ts';
import type { Precision } from '../models/precision.ts';
import type { ModelShape } from '../models/shape.ts';
import type { LoadStages } from '../protocol/conversion.ts';

/** Everything that a metric of one repeat may use. */
export interface RepeatInput {
  readonly cell: Cell;
  /** Missing for model files of an architecture that Hayasa does not describe. */
  readonly shape: Maybe<ModelShape>;
  /** The effective precision where the engine reported it, else the declared one. */
  readonly precision: Precision;
  readonly sample: JournalSample;
  readonly roofs: Roofs | undefined;
  /** The machine during the repeat; undefined in journals of version 1. */
  readonly noise?: Noise | undefined;
  /** Price of the machine per hour, in the one currency of the study; undefined where it has none. */
  readonly pricePerHour?: number | undefined;
  /** Characters of the generated text, all sequences; undefined without a tokenizer. */
  readonly decodedCharacters?: number;
}

/** Everything that a metric of one launch may use. */
export interface LaunchInput {
  readonly cell: Cell;
  readonly spawn_ns: bigint;
  readonly ready_ns: bigint;
  readonly load:
    | {
        readonly requested_ns: bigint;
        readonly loaded_ns: bigint;
        /** Above 0 in a launch that wrote converted weights: its load is not the load of the next one. */
        readonly cacheBytesWritten: number;
        readonly stages: LoadStages['stages'];
      }
    | undefined;
  readonly memory: Maybe<CellMemory>;
  /** The cell's repeats in this launch, for metrics that pool them; unpacked only where one does. */
  readonly samples: readonly JournalSample[];
  /** The tokenizer over the prompt, timed apart from generation; undefined without a tokenizer. */
  readonly tokenisation?: {
    readonly characters: number;
    readonly tokens: number;
    readonly elapsed_ns: number;
  };
}

interface MetricBase {
  /** Kebab-case; the column name in CSV and JSON is this plus the stored unit. */
  readonly id: string;
  readonly title: Words;
  /** One sentence: start anchor, end anchor, token source, weighting. */
  readonly definition: Words;
  readonly formula: string;
  readonly source: string;
  readonly storedUnit: string;
  readonly shown: {
    readonly unit: string /** shown = stored * scale */;
    readonly scale: number;
    readonly digits: number;
  };
  readonly better: 'higher' | 'lower';
  /** When it is undefined, for the docs. */
  readonly undefinedWhen: string;
  /** Shown in the main table. */
  readonly main: boolean;
}

export type Metric =
  | (MetricBase & { readonly level: 'repeat'; compute(input: RepeatInput): Maybe<number> })
  | (MetricBase & {
      readonly level: 'launch';
      /** Whether the value is made from all repeats of the launch, so that it needs enough of them. */
      readonly poolsRepeats: boolean;
      compute(input: LaunchInput): Maybe<number>;
    });

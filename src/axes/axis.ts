/** What one axis of a study is: one declaration drives the parser, the JSON schema, labels, and the docs. */

import type { z } from 'zod';
import type { Words } from '../kernel/language.ts';
import type { Cell } from './cell.ts';

export type AxisValue = string | number;

export interface Axis<T extends AxisValue = AxisValue> {
  /** Key in the study file. */
  readonly key: string;
  /** The field of the cell that it fills. */
  readonly field: keyof Cell;
  readonly title: string;
  /** Unit for tables; empty for names. */
  readonly unit: string;
  /** One sentence for docs and the JSON schema. */
  readonly description: string;
  /** One value as written in YAML. */
  readonly value: z.ZodType<T>;
  /** Allowed values in words, for messages. */
  readonly allowed: Words;
  /** Names to choose from, where the axis has them; whole numbers otherwise, and then ranges are allowed. */
  readonly names?: readonly string[];
  /** The value of a study that says nothing. */
  readonly default: T;
  /** The value as a reader sees it, with its unit. */
  label(value: T): Words;
}

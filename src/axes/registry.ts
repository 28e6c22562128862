/** The registry of axes: one line each. The study's parser, its JSON schema, excludes, priority and docs read it. */
import type { Axis, AxisValue } from './axis.ts';
import { batchAxis } from './batch.ts';
import { batchingAxis } from './batching.ts';
import type { Cell } from './cell.ts';
import { depthAxis } from './depth.ts';
import { deviceAxis } from './device.ts';
import { inputTokensAxis } from './input-tokens.ts';
import { outputTokensAxis } from './output-tokens.ts';
import { precisionAxis } from './precision.ts';
import { promptLengthsAxis } from './prompt-lengths.ts';
import { samplingSeedAxis, temperatureAxis, topKAxis, topPAxis } from './sampling.ts';
import { slotsAxis } from './slots.ts';
import { stopAxis } from './stop.ts';
import { threadsAxis } from './threads.ts';

/** Keyed as in the study file; in the order in which the plan nests them, outermost first. */
export const AXES = {
  device: deviceAxis,
  threads: threadsAxis,
  precision: precisionAxis,
  batching: batchingAxis,
  stop: stopAxis,
  promptLengths: promptLengthsAxis,
  batch: batchAxis,
  slots: slotsAxis,
  inputTokens: inputTokensAxis,
  outputTokens: outputTokensAxis,
  depth: depthAxis,
  temperature: temperatureAxis,
  topK: topKAxis,
  topP: topPAxis,
  samplingSeed: samplingSeedAxis,
} as const;

export type AxisKey = keyof typeof AXES;

export const AXIS_KEYS: readonly AxisKey[] = Object.keys(AXES) as AxisKey[];

/** The axis `key`, as the common interface. */
export const axisOf = (key: AxisKey): Axis => AXES[key] as unknown as Axis;

/** Where `cell` stands on the axis `key`: the axis's default where the cell carries no value (greedy cells on axes of sampling). */
export function valueOnAxis(cell: Cell, key: AxisKey): AxisValue {
  const axis = axisOf(key);
  return (cell[axis.field] as AxisValue | undefined) ?? axis.default;
}

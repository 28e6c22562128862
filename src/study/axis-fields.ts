/** One optional field of a zod object for each axis of the registry. */
import type { z } from 'zod';
import type { Axis, AxisValue } from '../axes/axis.ts';
import { AXIS_KEYS, type AxisKey, axisOf } from '../axes/registry.ts';

type ValuesField = z.ZodType<readonly AxisValue[]>;

/** The fields of all axes, each made by `field` and optional. */
export function axisFields(field: (axis: Axis) => ValuesField): Record<AxisKey, z.ZodOptional<ValuesField>> {
  const fields = AXIS_KEYS.map((key) => [key, field(axisOf(key)).optional()] as const);
  return Object.fromEntries(fields) as Record<AxisKey, z.ZodOptional<ValuesField>>;
}

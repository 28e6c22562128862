/** A pattern as the file has it -> the pattern that the plan and the claims read. */
import type { z } from 'zod';
import type { CellPattern } from '../axes/pattern.ts';
import { AXIS_KEYS } from '../axes/registry.ts';
import type { patternField } from './engine-fields.ts';

/** The axes of the file in a record of their own. */
export function resolvePattern(pattern: z.output<ReturnType<typeof patternField>>): CellPattern {
  const { model, engine, options, ...rest } = pattern;
  const axes = Object.fromEntries(
    AXIS_KEYS.flatMap((key) => (rest[key] === undefined ? [] : [[key, rest[key]]])),
  ) as CellPattern['axes'];
  return {
    axes,
    ...(model === undefined ? {} : { model }),
    ...(engine === undefined ? {} : { engine }),
    ...(options === undefined ? {} : { options }),
  };
}

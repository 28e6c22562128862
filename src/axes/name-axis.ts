/** Axes whose values are names out of a fixed list. */

import { z } from 'zod';
import { same } from '../kernel/language.ts';
import type { Axis } from './axis.ts';

type NameAxisInit<T extends string> = Omit<Axis<T>, 'value' | 'allowed' | 'label'> & {
  readonly names: readonly T[];
};

/** The axis of `init`; its label is the name itself. */
export function nameAxis<T extends string>(init: NameAxisInit<T>): Axis<T> {
  return {
    ...init,
    value: z.enum([...init.names]) as unknown as z.ZodType<T>,
    allowed: same(init.names.join(', ')),
    label: (value) => same(value),
  };
}

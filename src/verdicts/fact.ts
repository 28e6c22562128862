/** A fact without noise, shown among the effects of a claim. */
import { missing } from '../kernel/maybe.ts';
import type { Effect } from './evidence.ts';

/** `name`: `text`. It has no value and no interval. */
export const factEffect = (name: string, text: string): Effect => ({
  name,
  value: missing(text),
  bound: '',
  unit: 'fact',
});

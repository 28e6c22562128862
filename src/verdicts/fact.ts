/** A fact without noise, shown among the effects of a claim. */
import { same, type Words } from '../kernel/language.ts';
import { missing } from '../kernel/maybe.ts';
import type { Effect } from './evidence.ts';

/** `name`: `text`. It has no value and no interval. */
export const factEffect = (name: Words, text: Words): Effect => ({
  name,
  value: missing(text),
  bound: same(''),
  unit: FACT,
});

const FACT: Words = { en: 'fact', ja: '事実' };

/** Whether `effect` is one: its text is the reason why it has no value. */
export const isFact = ({ unit }: Effect): boolean => unit.en === FACT.en;

/** When a claim was made. */
export const THEN: Words = { en: 'then', ja: '当時' };
/** Here, in this version. */
export const NOW: Words = { en: 'now', ja: '今' };

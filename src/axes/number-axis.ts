/** Axes of whole numbers between a minimum and a maximum, both included. */
import type { Axis } from './axis.ts';
import { wholeNumber } from './whole-number.ts';

type NumberAxisInit = Omit<Axis<number>, 'value' | 'allowed' | 'names'> & {
  readonly minimum: number;
  readonly maximum: number;
};

/** The axis of `init` with its value schema and the wording of its range. */
export function wholeNumberAxis({ minimum, maximum, ...init }: NumberAxisInit): Axis<number> {
  return {
    ...init,
    value: wholeNumber(minimum, maximum),
    allowed: {
      en: `whole numbers from ${minimum} to ${maximum}, ranges such as 1..4 or 2^0..2^6, lists of these`,
      ja: `${minimum} から ${maximum} までの整数、1..4 や 2^0..2^6 のような範囲、それらのリスト`,
    },
  };
}

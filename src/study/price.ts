/** What a machine costs for an hour, as a study or a command line states it. Pure. */

import type { Words } from '../kernel/language.ts';
export interface Price {
  readonly amount: number;
  /** ISO 4217: `USD`, `JPY`. */
  readonly currency: string;
}

/** `1.20 USD` or `150JPY/h`: an amount of 0 or more and the three letters of its currency. */
export const PRICE_PATTERN: RegExp = /^\s*(\d+(?:\.\d+)?)\s*([A-Z]{3})\s*(?:\/\s*h)?\s*$/;

/** What is allowed, for messages. */
export const PRICE_ALLOWED: Words = {
  en: 'an amount and a currency of three letters, such as 1.20 USD or 150 JPY',
  ja: '金額と 3 文字の通貨。例: 1.20 USD、150 JPY',
};

/** The price of an hour, or undefined where `text` is none. */
export function parsePrice(text: string): Price | undefined {
  const [, amount, currency] = PRICE_PATTERN.exec(text) ?? [];
  return amount === undefined || currency === undefined ? undefined : { amount: Number(amount), currency };
}

/** Prices by device; `*` is every device that has none of its own. One currency for all. */
export type Prices = Readonly<Record<string, Price>>;

/** The price of `device`; undefined where it has none. */
export const priceOf = (prices: Prices, device: string): Price | undefined =>
  prices[device] ?? prices[EVERY_DEVICE];

export const EVERY_DEVICE = '*';

/**
 * Prices as an option gives them: `1.20USD/h` for every device, or `cpu=0.40USD/h,cuda:0=1.20USD/h`; undefined where one
 * is none, a device is named twice, or currencies differ.
 */
export function parsePrices(text: string): Prices | undefined {
  const entries = text.split(',').map((part): readonly [string, Price | undefined] => {
    const [before, after] = part.split('=', 2);
    return after === undefined
      ? [EVERY_DEVICE, parsePrice(part)]
      : [(before ?? '').trim(), parsePrice(after)];
  });
  const prices: Record<string, Price> = {};
  for (const [device, price] of entries) {
    if (price === undefined || device === '' || prices[device] !== undefined) return undefined;
    prices[device] = price;
  }
  return currenciesOf(prices).length === 1 ? prices : undefined;
}

/** The currencies of `prices`, in order; more than one cannot be compared. */
export const currenciesOf = (prices: Prices): string[] => [
  ...new Set(Object.values(prices).map(({ currency }) => currency)),
];

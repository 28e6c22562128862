import { describe, expect, it } from 'vitest';
import { EVERY_DEVICE, parsePrice, parsePrices, priceOf } from './price.ts';

describe('prices', () => {
  it('are an amount and a currency, with or without the hour', () => {
    for (const text of ['1.20 USD', '1.20USD/h', ' 1.20 USD / h '])
      expect(parsePrice(text)).toEqual({ amount: 1.2, currency: 'USD' });
    for (const text of ['1.20', 'USD', '-1 USD', '1,20 USD', '1 usd', '1 USD/min', '1e3 USD'])
      expect([text, parsePrice(text)]).toEqual([text, undefined]);
  });

  it('stand by device, or for every device', () => {
    const prices = parsePrices('cpu=0.40USD/h,3USD/h')!;
    expect([priceOf(prices, 'cpu')?.amount, priceOf(prices, 'cuda:0')?.amount]).toEqual([0.4, 3]);
    expect(parsePrices('150JPY')).toEqual({ [EVERY_DEVICE]: { amount: 150, currency: 'JPY' } });
    expect(priceOf({}, 'cpu')).toBeUndefined();
    for (const text of ['cpu=1USD,cpu=2USD', 'cpu=1USD,2EUR', '=1USD', 'cpu=', 'cpu=x', ''])
      expect([text, parsePrices(text)]).toEqual([text, undefined]);
  });
});

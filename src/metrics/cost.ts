/**
 * Money per million tokens, where the machine has a price per hour. The price is paid for time, so each figure is the
 * price of a window over the tokens that it made or read: of the whole generation over its new tokens, and the same money
 * split where price lists split it, prefill over input tokens and the rest over new tokens. Input tokens times their price
 * and new tokens times theirs add up to what the generation cost.
 */
import { type Maybe, mapMaybe, missing } from '../kernel/maybe.ts';
import { sumOf } from '../stats/moments.ts';
import type { Metric, RepeatInput } from './metric.ts';
import { OWN_SOURCE } from './shown.ts';
import { generationStart_ns, lastFirst_ns, lastToken_ns, newTokens, tokenStamps } from './stamps.ts';

const HOUR_NS = 3.6e12;
const NO_PRICE = missing({
  en: 'the device has no price: pricePerHour in the study, or --price',
  ja: '装置の価格がありません: スタディの pricePerHour か --price で指定できます',
});

const common = {
  source: OWN_SOURCE,
  storedUnit: 'currency/1e6 tokens',
  shown: { unit: 'currency/1e6 tokens', scale: 1, digits: 4 },
  better: 'lower',
  main: false,
} as const;

/** Money per million new tokens, prefill included. */
export const costPerMillionTokens: Metric = {
  ...common,
  level: 'repeat',
  id: 'cost-per-million-tokens',
  title: { en: 'Cost per million tokens', ja: '100 万トークンあたりの費用' },
  definition: {
    en: 'Price of the machine over the window of throughput, per million new tokens.',
    ja: 'スループットの時間枠のマシンの料金、新しいトークン 100 万個あたり。',
  },
  formula: 'price per hour / 3600 / throughput * 1e6',
  undefinedWhen: 'the device has no price',
  compute: (input) => costOf(input, ({ start_ns, end_ns }) => [end_ns - start_ns, newTokens(input.sample)]),
};

/** Money per million input tokens: that of the prefill. */
export const costPerMillionInputTokens: Metric = {
  ...common,
  level: 'repeat',
  id: 'cost-per-million-input-tokens',
  title: { en: 'Cost per million input tokens', ja: '入力 100 万トークンあたりの費用' },
  definition: {
    en: 'Price of the machine over the window of the prefill rate, per million input tokens.',
    ja: 'プリフィル速度の時間枠のマシンの料金、入力トークン 100 万個あたり。',
  },
  formula: 'price per hour / 3600 / prefill rate * 1e6',
  undefinedWhen: 'the device has no price, or prefills alternate with decoding',
  compute: (input) =>
    splitCostOf(input, ({ start_ns, first_ns }) => [
      first_ns - start_ns,
      sumOf(input.sample.sequences, ({ inputTokens }) => inputTokens),
    ]),
};

/** Money per million new tokens after the prefill is paid. */
export const costPerMillionOutputTokens: Metric = {
  ...common,
  level: 'repeat',
  id: 'cost-per-million-output-tokens',
  title: { en: 'Cost per million output tokens', ja: '出力 100 万トークンあたりの費用' },
  definition: {
    en: 'Price of the machine from the last first token of the batch to its last token, per million new tokens.',
    ja: 'バッチで最も遅い最初のトークンから最後のトークンまでのマシンの料金、新しいトークン 100 万個あたり。',
  },
  formula: 'price per hour / 3600 * (last token - last first token) / sum(new tokens) * 1e6',
  undefinedWhen: 'the device has no price, there is one new token each, or prefills alternate with decoding',
  compute: (input) =>
    input.sample.steps_ns.length < 2
      ? missing({
          en: 'one new token each: all of the time is prefill',
          ja: '新しいトークンは 1 つずつです: 時間はすべて prefill です',
        })
      : splitCostOf(input, ({ first_ns, end_ns }) => [end_ns - first_ns, newTokens(input.sample)]),
};

interface Windows {
  readonly start_ns: number;
  /** The last first token of the batch. */
  readonly first_ns: number;
  readonly end_ns: number;
}

/** `of`: the window in nanoseconds and the tokens that share its price. */
function costOf(
  { sample, pricePerHour }: RepeatInput,
  of: (windows: Windows) => readonly [elapsed_ns: number, tokens: number],
): Maybe<number> {
  if (pricePerHour === undefined) return NO_PRICE;
  const price = pricePerHour;
  return mapMaybe(
    mapMaybe(tokenStamps(sample), (stamps) =>
      of({
        start_ns: generationStart_ns(sample),
        first_ns: lastFirst_ns(stamps),
        end_ns: lastToken_ns(stamps),
      }),
    ),
    ([elapsed_ns, tokens]) => ((price * (elapsed_ns / HOUR_NS)) / tokens) * 1e6,
  );
}

function splitCostOf(input: RepeatInput, of: Parameters<typeof costOf>[1]): Maybe<number> {
  const { batch, slots } = input.cell;
  return batch > slots
    ? missing({
        en: 'requests queue for slots: prefills alternate with decoding',
        ja: 'リクエストがスロットを待ちます: prefill と decode が交互になります',
      })
    : costOf(input, of);
}

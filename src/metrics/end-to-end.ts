import { same } from '../kernel/language.ts';
import { mapMaybe } from '../kernel/maybe.ts';
import { sumOf } from '../stats/moments.ts';
import type { Metric } from './metric.ts';
import { OWN_SOURCE, SECONDS } from './shown.ts';
import { tokenStamps } from './stamps.ts';

const common = {
  source: OWN_SOURCE,
  ...SECONDS,
  shown: { unit: 's', scale: 1, digits: 3 },
  undefinedWhen: 'a sequence has no token or was cancelled',
  main: false,
} as const;

/** E2E latency from the start of the sequence's prefill. */
export const endToEnd: Metric = {
  ...common,
  level: 'repeat',
  id: 'e2e',
  title: same('E2E'),
  definition: {
    en: 'Last token minus the start of the prefill; mean over the sequences.',
    ja: '最後のトークンからプリフィルの開始を引いた時間。系列の平均。',
  },
  formula: 'mean(last token - sent)',
  compute: ({ sample }) =>
    mapMaybe(
      tokenStamps(sample),
      (stamps) => sumOf(stamps, ({ sequence, last_ns }) => last_ns - sequence.sent_ns) / stamps.length / 1e9,
    ),
};

/** E2E latency from when the schedule wanted the request. */
export const endToEndResponse: Metric = {
  ...common,
  level: 'repeat',
  id: 'e2e-response',
  title: { en: 'E2E, response', ja: 'E2E（応答）' },
  definition: {
    en: 'Last token minus the intended start; mean over the sequences.',
    ja: '最後のトークンから予定の開始を引いた時間。系列の平均。',
  },
  formula: 'mean(last token - intended start)',
  compute: ({ sample }) =>
    mapMaybe(
      tokenStamps(sample),
      (stamps) =>
        sumOf(stamps, ({ sequence, last_ns }) => last_ns - sequence.intended_ns) / stamps.length / 1e9,
    ),
};

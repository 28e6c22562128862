import { same } from '../kernel/language.ts';
import { mapMaybe } from '../kernel/maybe.ts';
import { sumOf } from '../stats/moments.ts';
import type { Metric } from './metric.ts';
import { MILLISECONDS, OWN_SOURCE } from './shown.ts';
import { tokenStamps } from './stamps.ts';

const common = {
  source: OWN_SOURCE,
  ...MILLISECONDS,
  undefinedWhen: 'a sequence has no token or was cancelled',
} as const;

/** TTFT from the start of the sequence's prefill. */
export const timeToFirstToken: Metric = {
  ...common,
  level: 'repeat',
  id: 'ttft',
  title: same('TTFT'),
  definition: {
    en: 'First generated token minus the start of its prefill (service time); mean over the sequences.',
    ja: '最初に生成したトークンからそのプリフィルの開始を引いた時間（サービス時間）。系列の平均。',
  },
  formula: 'mean(first token - sent)',
  main: true,
  compute: ({ sample }) =>
    mapMaybe(
      tokenStamps(sample),
      (stamps) =>
        sumOf(stamps, ({ sequence, first_ns }) => first_ns - sequence.sent_ns) / stamps.length / 1e9,
    ),
};

/** TTFT from when the schedule wanted the request: includes waiting for a slot. */
export const timeToFirstTokenResponse: Metric = {
  ...common,
  level: 'repeat',
  id: 'ttft-response',
  title: { en: 'TTFT, response', ja: 'TTFT（応答）' },
  definition: {
    en: 'First generated token minus the intended start (response time); mean over the sequences.',
    ja: '最初に生成したトークンから予定の開始を引いた時間（応答時間）。系列の平均。',
  },
  formula: 'mean(first token - intended start)',
  main: false,
  compute: ({ sample }) =>
    mapMaybe(
      tokenStamps(sample),
      (stamps) =>
        sumOf(stamps, ({ sequence, first_ns }) => first_ns - sequence.intended_ns) / stamps.length / 1e9,
    ),
};

import type { Metric } from './metric.ts';
import { OWN_SOURCE, TOKENS_PER_SECOND } from './shown.ts';
import { newTokens, perSecond, tokenStamps } from './stamps.ts';

/** What a user's script would time: the engine's own `generate` call. */
export const throughputWholeCall: Metric = {
  id: 'throughput-whole-call',
  title: { en: 'Throughput, whole call', ja: 'スループット（呼び出し全体）' },
  definition: {
    en: "New tokens, summed over the batch, over the engine's own generate call from its start to its return.",
    ja: '新しいトークン数をバッチで合計し、エンジン自身の生成の呼び出しの開始から戻るまでの時間で割った値。',
  },
  formula: 'sum(new tokens) / (return of the call - its start)',
  source: OWN_SOURCE,
  ...TOKENS_PER_SECOND,
  undefinedWhen: 'a sequence has no token or was cancelled',
  main: false,
  level: 'repeat',
  compute: ({ sample }) => {
    const stamps = tokenStamps(sample);
    if (stamps.kind === 'missing') return stamps;
    return perSecond(newTokens(sample), sample.call.end_ns - sample.call.start_ns);
  },
};

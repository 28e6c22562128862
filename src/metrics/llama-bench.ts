/**
 * The names that users of llama-bench know: `pp512` is prompt processing of 512 tokens, `tg128` text generation of 128,
 * each `@ d4096` with 4,096 tokens in the KV cache before. Ours keep sampling (greedy) inside; llama-bench has none.
 * Source: llama.cpp, tools/llama-bench/README.md.
 */
import type { Cell } from '../axes/cell.ts';
import { same } from '../kernel/language.ts';
import { computeDecodeThroughput } from './decode-throughput.ts';
import type { Metric } from './metric.ts';
import { computePrefillRate } from './prefill-rate.ts';
import { TOKENS_PER_SECOND } from './shown.ts';

const SOURCE = 'llama.cpp, tools/llama-bench/README.md';

/** Prompt processing, as llama-bench names it. */
export const llamaBenchPp: Metric = {
  id: 'pp',
  title: same('pp'),
  definition: {
    en: 'Prompt tokens per second to the first token, as in llama-bench but with greedy sampling inside.',
    ja: '最初のトークンまでの毎秒のプロンプトトークン数。llama-bench と同じだが、貪欲なサンプリングを含む。',
  },
  formula: 'sum(input tokens) / (last first token - start of generation)',
  source: SOURCE,
  ...TOKENS_PER_SECOND,
  undefinedWhen: 'requests queue for slots, so that prefills alternate with decoding',
  main: false,
  level: 'repeat',
  compute: computePrefillRate,
};

/** Text generation, as llama-bench names it. */
export const llamaBenchTg: Metric = {
  id: 'tg',
  title: same('tg'),
  definition: {
    en: 'Tokens per second after the first, as in llama-bench but with greedy sampling inside.',
    ja: '最初のトークンより後の毎秒のトークン数。llama-bench と同じだが、貪欲なサンプリングを含む。',
  },
  formula: 'sum(tokens after the first) / (last token - first token)',
  source: SOURCE,
  ...TOKENS_PER_SECOND,
  undefinedWhen: 'no sequence has two tokens',
  main: false,
  level: 'repeat',
  compute: computeDecodeThroughput,
};

/** `pp64`, `tg64 @ d1024`: the test's name for `cell`. */
export function llamaBenchName(cell: Cell, test: 'pp' | 'tg'): string {
  const tokens = test === 'pp' ? cell.inputTokens : cell.outputTokens;
  // In a tg test llama-bench has nothing but the depth in the cache; ours has the prompt as well.
  const depth = cell.depthTokens + (test === 'tg' ? cell.inputTokens : 0);
  return depth === 0 ? `${test}${tokens}` : `${test}${tokens} @ d${depth}`;
}

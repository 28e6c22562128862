/**
 * `pp` and `tg` as users of llama-bench know them, as ordinary cells:
 *   `pp512`        512 prompt tokens in one prefill, one new token (it comes out of the prefill: 1 forward pass)
 *   `tg128`        1 prompt token, 128 new tokens: 128 forward passes of one token
 *   `pg512,128`    512 prompt tokens, then 128 new tokens
 *   `...@4096`     the same with 4096 tokens already in the KV cache (depth)
 * The difference to llama-bench: Hayasa chooses the next token greedily, llama-bench feeds random ones.
 */
import { depthAxis } from './depth.ts';
import { inputTokensAxis } from './input-tokens.ts';
import { outputTokensAxis } from './output-tokens.ts';

export interface TokenCounts {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly depth: number;
}

export const TOKEN_TEST_PATTERN = /^(?:(pp|tg)(\d{1,7})|pg(\d{1,7}),(\d{1,7}))(?:@(\d{1,7}))?$/;

/** The token counts of one test, or undefined where `text` is none. */
export function parseTokenTest(text: string): TokenCounts | undefined {
  const match = TOKEN_TEST_PATTERN.exec(text);
  if (match === null) return undefined;
  const [, kind, length, input, output, depth] = match;
  const counts = {
    inputTokens: Number(kind === 'tg' ? 1 : (length ?? input)),
    outputTokens: Number(kind === 'pp' ? 1 : (length ?? output)),
    depth: Number(depth ?? 0),
  };
  const allowed =
    inputTokensAxis.value.safeParse(counts.inputTokens).success &&
    outputTokensAxis.value.safeParse(counts.outputTokens).success &&
    depthAxis.value.safeParse(counts.depth).success;
  return allowed ? counts : undefined;
}

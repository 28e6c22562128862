/** The small tokenizers of test/golden/text/, for tests. */
import { fileURLToPath } from 'node:url';
import { realFiles } from '../host/files.ts';
import type { TextTokenizer } from './text-tokenizer.ts';
import { loadTokenizer } from './tokenizer.ts';

/** One of each kind that models come with. */
export const TEST_TOKENIZERS = [
  'byte-level-bpe',
  'bpe-fallback',
  'unigram',
  'unigram-bytes',
  'bpe-bytes',
] as const;

export const testTokenizerFolder = (name: string): string =>
  fileURLToPath(new URL(`../../test/golden/text/${name}`, import.meta.url));

export function testTokenizer(name: (typeof TEST_TOKENIZERS)[number]): TextTokenizer {
  const loaded = loadTokenizer(realFiles(), testTokenizerFolder(name), undefined);
  if (loaded.kind === 'missing') throw new Error(loaded.reason.en);
  return loaded.value;
}

/**
 * The tokenizer of a model folder: tokenizer.json, or a SentencePiece model. A synthetic checkpoint has none: then token
 * ids are all there is, and the reason says so.
 */
import { join } from 'node:path';
import type { Files } from '../host/host.ts';
import { HayasaError } from '../kernel/errors.ts';
import { type Maybe, missing, present } from '../kernel/maybe.ts';
import { sentencePieceTokenizer } from './sentencepiece/tokenizer.ts';
import type { TextTokenizer } from './text-tokenizer.ts';
import { jsonTokenizer } from './tokenizer-json.ts';

/** Names of SentencePiece models in published folders. */
const SENTENCEPIECE_FILES = ['spiece.model', 'tokenizer.model', 'sentencepiece.bpe.model'];

/**
 * The tokenizer in `folder`, or why there is none. tokenizer.json has precedence: it is what most programs read.
 * @throws HayasaError `text/bad-tokenizer` where a file is damaged or of an unknown kind, `text/tokenizer-does-not-fit`
 * where it has token ids beyond `vocabularySize` (undefined: not checked)
 */
export function loadTokenizer(
  files: Files,
  folder: string,
  vocabularySize: number | undefined,
): Maybe<TextTokenizer> {
  const path = ['tokenizer.json', ...SENTENCEPIECE_FILES]
    .map((name) => join(folder, name))
    .find((candidate) => files.kind(candidate) === 'file');
  if (path === undefined) return missing(`${folder} has no tokenizer.json and no spiece.model`);
  const tokenizer = readTokenizer(files, path);
  if (vocabularySize !== undefined && tokenizer.vocabularySize > vocabularySize) {
    throw new HayasaError({
      code: 'text/tokenizer-does-not-fit',
      message: `${path} has ${tokenizer.vocabularySize} tokens, the model knows ${vocabularySize}: it belongs to another model`,
      hint: 'put the tokenizer of this model into its folder, or move the file away to work with token ids',
    });
  }
  return present(tokenizer);
}

/** The tokenizer in one file. @throws HayasaError `text/bad-tokenizer` */
export const readTokenizer = (files: Files, path: string): TextTokenizer =>
  path.endsWith('.json') ? jsonTokenizer(files, path) : sentencePieceTokenizer(files, path);

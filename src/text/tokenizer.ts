/**
 * The tokenizer of a model: tokenizer.json or a SentencePiece model in its folder, or the one inside a GGUF file. A
 * synthetic checkpoint has none: then token ids are all there is, and the reason says so.
 */
import { join } from 'node:path';
import type { Files } from '../host/host.ts';
import { HayasaError } from '../kernel/errors.ts';
import { type Maybe, missing, present } from '../kernel/maybe.ts';
import { ggufTokenizer } from './gguf-tokenizer.ts';
import { sentencePieceTokenizer } from './sentencepiece/tokenizer.ts';
import type { TextTokenizer } from './text-tokenizer.ts';
import { jsonTokenizer } from './tokenizer-json.ts';

/** Names of SentencePiece models in published folders. */
const SENTENCEPIECE_FILES = ['spiece.model', 'tokenizer.model', 'sentencepiece.bpe.model'];

/**
 * The tokenizer of a model folder or a GGUF file, or why there is none. In a folder tokenizer.json has precedence: it is
 * what most programs read.
 * @throws HayasaError `text/bad-tokenizer` where a file is damaged or of an unknown kind, `text/tokenizer-does-not-fit`
 * where it has token ids beyond `vocabularySize` (undefined: not checked)
 */
export function loadTokenizer(
  files: Files,
  path: string,
  vocabularySize: number | undefined,
): Maybe<TextTokenizer> {
  const file = files.kind(path) === 'file' ? path : tokenizerFile(files, path);
  if (file === undefined)
    return missing({
      en: `${path} has no tokenizer.json and no spiece.model`,
      ja: `${path} に tokenizer.json も spiece.model もありません`,
    });
  const tokenizer = readTokenizer(files, file);
  if (tokenizer.kind === 'missing') return tokenizer;
  const { vocabularySize: known } = tokenizer.value;
  if (vocabularySize !== undefined && known > vocabularySize) {
    throw new HayasaError({
      code: 'text/tokenizer-does-not-fit',
      message: {
        en: `${file} has ${known} tokens, the model knows ${vocabularySize}: it belongs to another model`,
        ja: `${file} は ${known} トークンですが、モデルの語彙は ${vocabularySize} です。別のモデルのものです`,
      },
      hint: {
        en: 'put the tokenizer of this model into its folder, or move the file away to work with token ids',
        ja: 'このモデルのトークナイザーをフォルダーに置くか、ファイルを移動してトークン ID で計測してください',
      },
    });
  }
  return tokenizer;
}

const tokenizerFile = (files: Files, folder: string): string | undefined =>
  ['tokenizer.json', ...SENTENCEPIECE_FILES]
    .map((name) => join(folder, name))
    .find((candidate) => files.kind(candidate) === 'file');

/** The tokenizer in one file; only a GGUF file may hold none that is known. @throws HayasaError `text/bad-tokenizer` */
function readTokenizer(files: Files, file: string): Maybe<TextTokenizer> {
  if (file.endsWith('.gguf')) return ggufTokenizer(files, file);
  return present(file.endsWith('.json') ? jsonTokenizer(files, file) : sentencePieceTokenizer(files, file));
}

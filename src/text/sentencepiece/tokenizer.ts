/**
 * A SentencePiece model as a tokenizer: normalised here, cut by the tokenizer library, decoded here.
 * Checked against the Python package `sentencepiece` (test/golden/text/). Scores are added in doubles, SentencePiece adds
 * in floats: of two cuts that differ by less than a float's rounding the other one may be chosen.
 */
import { dirname } from 'node:path';
import type { Files } from '../../host/host.ts';
import { contentHash } from '../../kernel/canonical.ts';
import { HayasaError, messageOf } from '../../kernel/errors.ts';
import { pieceOfByte } from '../byte-pieces.ts';
import { guarded, type JsonObject, readTokenizerConfig } from '../files.ts';
import { type LibraryTokenizer, Tokenizer } from '../library.ts';
import type { TextTokenizer } from '../text-tokenizer.ts';
import { pieceDecoder } from './decode.ts';
import { type DefinitionOptions, tokenizerDefinition } from './definition.ts';
import { parseModelFile, type SentencePieceModel } from './model-file.ts';
import { sentencePieceNormaliser } from './normaliser.ts';

/** Tokenizers of these classes put the begin-of-text token before a text unless told otherwise. */
const ADDS_BEGIN = /^(Llama|Gemma)Tokenizer/;

/** @throws HayasaError `text/bad-tokenizer` */
export function sentencePieceTokenizer(files: Files, path: string): TextTokenizer {
  const bytes = files.readRange(path, 0, files.size(path) ?? 0);
  const config = readTokenizerConfig(files, dirname(path));
  return guarded(path, () => {
    const model = wholeModel(bytes);
    const { bosId } = model;
    return {
      ...pieceTokenizer(model, path),
      kind: `SentencePiece (${model.algorithm})`,
      hash: contentHash({ file: Buffer.from(bytes).toString('base64'), config }),
      prefixTokens: bosId !== undefined && addsBegin(config) ? [bosId] : [],
    };
  });
}

/** The reader of the file's format says of a damaged one where it stumbled, and not over what. */
function wholeModel(bytes: Uint8Array): SentencePieceModel {
  try {
    return parseModelFile(bytes);
  } catch (error) {
    if (error instanceof HayasaError) throw error;
    throw new Error(`is no whole SentencePiece model: ${messageOf(error)}`, { cause: error });
  }
}

/** The tokenizer of a model of pieces; `path` names where it comes from, for errors. */
export function pieceTokenizer(
  model: SentencePieceModel,
  path: string,
  options: DefinitionOptions = {},
): Omit<TextTokenizer, 'kind' | 'hash' | 'prefixTokens'> {
  const tokenizer = new Tokenizer(tokenizerDefinition(model, options), {});
  const encode = encoder(model, tokenizer);
  return {
    encode: (text) => guarded(path, () => encode(text)),
    decode: pieceDecoder(model),
    clearCache: () => tokenizer.model?.clear_cache?.(),
    readsSpecialTokens: false,
    vocabularySize: model.pieces.length,
  };
}

function addsBegin(config: JsonObject): boolean {
  const asked = config['add_bos_token'];
  if (typeof asked === 'boolean') return asked;
  const { tokenizer_class } = config as { readonly tokenizer_class?: unknown };
  return typeof tokenizer_class === 'string' && ADDS_BEGIN.test(tokenizer_class);
}

function encoder(model: SentencePieceModel, tokenizer: LibraryTokenizer): (text: string) => number[] {
  const { pieces } = model;
  const userDefined = pieces.filter(({ kind }) => kind === 'user-defined').map(({ text }) => text);
  const normalise = sentencePieceNormaliser(model.normaliser, userDefined);
  // Unknown characters are needed one by one: they may become bytes.
  if (tokenizer.model !== null) tokenizer.model.fuse_unk = false;
  const ids = new Map(pieces.map(({ text }, id) => [text, id]));
  const findable = new Map(
    pieces.flatMap(({ text, kind }, id) => (kind === 'control' ? [] : [[text, id] as const])),
  );
  const unknown = pieces.findIndex(({ kind }) => kind === 'unknown');
  const hasBytes = pieces.some(({ kind }) => kind === 'byte');
  const bytesOf = (character: string): number[] =>
    Array.from(Buffer.from(character, 'utf8'), (byte) => ids.get(pieceOfByte(byte)) ?? unknown);
  return (text) => {
    const normalised = normalise(text);
    if (normalised === '') return [];
    const tokens: number[] = [];
    for (const piece of tokenizer.tokenize(normalised)) {
      const id = findable.get(piece);
      if (id !== undefined && id !== unknown) tokens.push(id);
      else if (hasBytes) tokens.push(...bytesOf(piece));
      // Neighbouring unknown characters are one piece.
      else if (tokens.at(-1) !== unknown) tokens.push(unknown);
    }
    return tokens;
  };
}

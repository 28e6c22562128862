/**
 * tokenizer.json through @huggingface/tokenizers, with three parts in which that library departs from the one that the
 * file was written for: byte fallback of unigram models, byte pieces that are no whole character, and SentencePiece's
 * character map. Checked against the Python package `tokenizers` (test/golden/text/).
 */
import { dirname } from 'node:path';
import type { Files } from '../host/host.ts';
import { contentHash } from '../kernel/canonical.ts';
import { byteOfPiece, decodeBytesWhole, pieceOfByte } from './byte-pieces.ts';
import { characterMap, normaliseByGrapheme } from './character-map.ts';
import { badTokenizer, guarded, type JsonObject, readJsonObject, readTokenizerConfig } from './files.ts';
import {
  ByteFallbackDecoder,
  type LibraryDecoder,
  type LibraryNormaliser,
  type LibraryTokenizer,
  PrecompiledNormalizer,
  SequenceDecoder,
  SequenceNormalizer,
  Tokenizer,
} from './library.ts';
import type { TextTokenizer } from './text-tokenizer.ts';

/** @throws HayasaError `text/bad-tokenizer` */
export const jsonTokenizer = (files: Files, path: string): TextTokenizer =>
  definedTokenizer(readJsonObject(files, path), readTokenizerConfig(files, dirname(path)), path);

/**
 * The tokenizer of a definition in the form of tokenizer.json; `path` names where it comes from, for errors.
 * @throws HayasaError `text/bad-tokenizer`
 */
export function definedTokenizer(definition: JsonObject, config: JsonObject, path: string): TextTokenizer {
  return guarded(path, () => {
    const tokenizer = new Tokenizer(definition, config);
    repairNormaliser(tokenizer.normalizer);
    repairDecoder(tokenizer.decoder);
    const { model } = tokenizer;
    if (model === null) throw badTokenizer(path, { en: 'has no model', ja: 'model がありません' });
    const encode = encoder(tokenizer, definition['model'] as JsonObject);
    return {
      kind: `tokenizer.json (${String((definition['model'] as JsonObject)['type'] ?? 'BPE')})`,
      hash: contentHash({ definition, config }),
      encode: (text) => guarded(path, () => encode(text)),
      decode: (tokens) =>
        tokens.length === 0
          ? ''
          : guarded(path, () =>
              tokenizer.decode([...tokens], {
                skip_special_tokens: true,
                clean_up_tokenization_spaces: false,
              }),
            ),
      clearCache: () => model.clear_cache?.(),
      readsSpecialTokens: true,
      prefixTokens: prefixTokens(tokenizer),
      vocabularySize: model.vocab.length,
    };
  });
}

/** The library's unigram model knows no byte fallback: it gives the unknown characters, which become bytes here. */
function encoder(tokenizer: LibraryTokenizer, model: JsonObject): (text: string) => number[] {
  const ids = (text: string): number[] => tokenizer.encode(text, { add_special_tokens: false }).ids;
  if (model['type'] !== 'Unigram' || model['byte_fallback'] !== true || tokenizer.model === null) return ids;
  tokenizer.model.fuse_unk = false;
  const { tokens_to_ids, unk_token_id = 0 } = tokenizer.model;
  const idOf = (piece: string): number => tokens_to_ids.get(piece) ?? unk_token_id;
  return (text) =>
    tokenizer
      .tokenize(text)
      .flatMap((piece) =>
        tokens_to_ids.has(piece)
          ? [idOf(piece)]
          : Array.from(Buffer.from(piece, 'utf8'), (byte) => idOf(pieceOfByte(byte))),
      );
}

/** What stands before the first token of a text when special tokens are added. */
function prefixTokens(tokenizer: LibraryTokenizer): number[] {
  const probe = 'a';
  const plain = tokenizer.encode(probe, { add_special_tokens: false }).ids;
  const full = tokenizer.encode(probe, { add_special_tokens: true }).ids;
  for (let start = 0; start + plain.length <= full.length; start += 1) {
    if (plain.every((id, i) => full[start + i] === id)) return full.slice(0, start);
  }
  return [];
}

function repairNormaliser(normaliser: LibraryNormaliser | null): void {
  if (normaliser instanceof SequenceNormalizer) normaliser.normalizers.forEach(repairNormaliser);
  if (!(normaliser instanceof PrecompiledNormalizer)) return;
  const { charsmap } = normaliser;
  const map = typeof charsmap === 'string' ? characterMap(Buffer.from(charsmap, 'base64')) : undefined;
  if (map !== undefined) normaliser.normalize = (text) => normaliseByGrapheme(map, text);
}

function repairDecoder(decoder: LibraryDecoder | null): void {
  if (decoder instanceof SequenceDecoder) decoder.decoders.forEach(repairDecoder);
  if (decoder instanceof ByteFallbackDecoder) decoder.decode_chain = decodeByteRuns;
}

/** Each run of byte pieces as text; the other pieces as they are. */
function decodeByteRuns(pieces: string[]): string[] {
  const decoded: string[] = [];
  let run: number[] = [];
  const close = (): void => {
    if (run.length > 0) decoded.push(decodeBytesWhole(run));
    run = [];
  };
  for (const piece of pieces) {
    const byte = byteOfPiece(piece);
    if (byte === undefined) {
      close();
      decoded.push(piece);
    } else run.push(byte);
  }
  close();
  return decoded;
}

/**
 * The tokenizer inside a GGUF file: pieces with scores (`llama`, `t5`: SentencePiece), or byte-level merges (`gpt2`)
 * whose rule for cutting words is named, not written. Rules that are not known here are a reason, never a guess.
 * Keys: the GGUF specification in ggml's docs; names of rules and their patterns: llama.cpp, src/llama-vocab.cpp.
 */
import type { Files } from '../host/host.ts';
import { contentHash } from '../kernel/canonical.ts';
import { type Maybe, mapMaybe, missing, present } from '../kernel/maybe.ts';
import { parseGgufMetadata } from '../models/checkpoint/gguf-header.ts';
import type { GgufValue } from '../models/checkpoint/gguf-metadata.ts';
import { guarded, type JsonObject } from './files.ts';
import { PIECE_KINDS, type SentencePieceModel } from './sentencepiece/model-file.ts';
import { pieceTokenizer } from './sentencepiece/tokenizer.ts';
import type { TextTokenizer } from './text-tokenizer.ts';
import { definedTokenizer } from './tokenizer-json.ts';

const key = (name: string): string => `tokenizer.ggml.${name}`;
const ARRAYS = ['tokens', 'scores', 'token_type', 'merges', 'precompiled_charsmap'].map(key);

/** Words as GPT-2 cuts them. */
const GPT2_WORDS = { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true };
const BYTES_ALONE = { ...GPT2_WORDS, use_regex: false };
const split = (pattern: string) => ({
  type: 'Split',
  pattern: { Regex: pattern },
  behavior: 'Isolated',
  invert: false,
});
const words = (digits: string): string =>
  `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|${digits}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+`;
const sequence = (...pretokenizers: readonly object[]) => ({ type: 'Sequence', pretokenizers });

export interface WordRule {
  readonly pretokenizer: object;
  /** Whole words that are tokens are taken before any merge. */
  readonly ignoreMerges?: boolean;
  /** Whether the begin-of-text token comes first where the file does not say. */
  readonly addsBegin?: boolean;
}

const GPT2: WordRule = { pretokenizer: GPT2_WORDS };
const SINGLE_DIGITS: WordRule = { pretokenizer: sequence(split('\\p{N}'), GPT2_WORDS) };
const LLAMA3: WordRule = {
  pretokenizer: sequence(split(words('\\p{N}{1,3}')), BYTES_ALONE),
  ignoreMerges: true,
  addsBegin: true,
};
const QWEN2: WordRule = { pretokenizer: sequence(split(words('\\p{N}')), BYTES_ALONE) };

/** By `tokenizer.ggml.pre`. */
const WORD_RULES: Readonly<Record<string, WordRule>> = {
  'gpt-2': GPT2,
  mpt: GPT2,
  olmo: GPT2,
  jais: GPT2,
  starcoder: SINGLE_DIGITS,
  refact: SINGLE_DIGITS,
  'command-r': SINGLE_DIGITS,
  smollm: SINGLE_DIGITS,
  codeshell: SINGLE_DIGITS,
  exaone: SINGLE_DIGITS,
  'llama-bpe': LLAMA3,
  llama3: LLAMA3,
  'llama-v3': LLAMA3,
  qwen2: QWEN2,
  stablelm2: QWEN2,
  hunyuan: QWEN2,
};

/**
 * The tokenizer of the GGUF file at `path`, or why there is none.
 * @throws HayasaError `checkpoint/truncated`, `checkpoint/bad-header`, `text/bad-tokenizer`
 */
export function ggufTokenizer(files: Files, path: string): Maybe<TextTokenizer> {
  const vocabulary = readGgufVocabulary(files, path);
  if (vocabulary === undefined)
    return missing({ en: `${path} holds no vocabulary`, ja: `${path} に語彙がありません` });
  switch (vocabulary.model) {
    case 'llama':
      return guarded(path, () => present(pieces(vocabulary, 'BPE', path)));
    case 't5':
      return guarded(path, () => present(pieces(vocabulary, 'unigram', path)));
    case 'gpt2':
      return mapMaybe(wordRule(vocabulary, path), (rule) => byteLevel(vocabulary, rule, path));
    default:
      return missing({
        en: `the tokenizer in ${path} is of the kind "${vocabulary.model}", which Hayasa does not read`,
        ja: `${path} のトークナイザーの種類は「${vocabulary.model}」で、Hayasa は読めません`,
      });
  }
}

/** The vocabulary in the metadata of the GGUF file at `path`; undefined where it has none. */
export function readGgufVocabulary(files: Files, path: string): GgufVocabulary | undefined {
  const read = (offset: number, length: number): Uint8Array => files.readRange(path, offset, length);
  return vocabularyOf(parseGgufMetadata(read, files.size(path) ?? 0, path, new Set(ARRAYS)));
}

/** How byte-level merges cut words first, or that the rule of the file is not known. */
export function wordRule({ pre = 'default' }: GgufVocabulary, path: string): Maybe<WordRule> {
  const rule = WORD_RULES[pre];
  return rule === undefined
    ? missing({
        en: `the tokenizer in ${path} cuts words by the rule "${pre}", which Hayasa does not know`,
        ja: `${path} のトークナイザーは規則「${pre}」で語を切りますが、Hayasa はこの規則を知りません`,
      })
    : present(rule);
}

/** Whether the begin-of-text token comes before a text: as the file says, else as is usual for its kind. */
export function addsBegin({ flag, model, pre = 'default' }: GgufVocabulary): boolean {
  return (
    flag('add_bos_token') ?? (model === 'llama' || (model === 'gpt2' && WORD_RULES[pre]?.addsBegin === true))
  );
}

export interface GgufVocabulary {
  readonly model: string;
  readonly pre: string | undefined;
  readonly tokens: readonly string[];
  readonly scores: readonly number[];
  /** Numbers as in SentencePiece; empty where the file gives none. */
  readonly types: readonly number[];
  readonly merges: readonly string[];
  readonly charactersMap: readonly number[];
  readonly bosId: number | undefined;
  readonly flag: (name: string) => boolean | undefined;
  /** The id of a special token: `bos`, `eos`, `unknown`, `padding`. */
  readonly idOf: (name: string) => number | undefined;
  /** In Jinja. */
  readonly chatTemplate: string | undefined;
}

function vocabularyOf(metadata: ReadonlyMap<string, GgufValue>): GgufVocabulary | undefined {
  const list = (name: string): readonly GgufValue[] => {
    const value = metadata.get(key(name));
    return typeof value === 'object' ? value.first : [];
  };
  const numbers = (name: string): number[] => list(name).map(Number);
  const texts = (name: string): string[] => list(name).filter((value) => typeof value === 'string');
  const one = (name: string): GgufValue | undefined => metadata.get(key(name));
  const model = one('model');
  const pre = one('pre');
  const idOf = (name: string): number | undefined => {
    const id = one(`${name}_token_id`);
    return typeof id === 'number' ? id : undefined;
  };
  const template = metadata.get('tokenizer.chat_template');
  const tokens = texts('tokens');
  if (typeof model !== 'string' || tokens.length === 0) return undefined;
  return {
    model,
    pre: typeof pre === 'string' ? pre : undefined,
    tokens,
    scores: numbers('scores'),
    types: numbers('token_type'),
    merges: texts('merges'),
    charactersMap: numbers('precompiled_charsmap'),
    bosId: idOf('bos'),
    flag: (name) => {
      const value = one(name);
      return typeof value === 'boolean' ? value : undefined;
    },
    idOf,
    chatTemplate: typeof template === 'string' ? template : undefined,
  };
}

const identity = (vocabulary: GgufVocabulary) => {
  const { bosId, model, pre, idOf: _, chatTemplate: __, ...hashed } = vocabulary;
  return {
    kind: `GGUF (${pre === undefined ? model : `${model}, ${pre}`})`,
    // What the hash is over must not change: it names prompts in records.
    hash: contentHash({ ...hashed, bosId, model, pre }),
    prefixTokens: bosId !== undefined && addsBegin(vocabulary) ? [bosId] : [],
  };
};

const pieces = (vocabulary: GgufVocabulary, algorithm: 'unigram' | 'BPE', path: string): TextTokenizer => ({
  // llama.cpp makes every piece by merges, the runs of spaces of Gemma included.
  ...pieceTokenizer(pieceModel(vocabulary, algorithm), path, { scoresRank: 'all' }),
  ...identity(vocabulary),
});

/** The pieces of a file as a SentencePiece model. */
export function pieceModel(
  vocabulary: GgufVocabulary,
  algorithm: SentencePieceModel['algorithm'],
): SentencePieceModel {
  const { tokens, scores, types, charactersMap, bosId, flag } = vocabulary;
  return {
    pieces: tokens.map((text, id) => ({
      text,
      score: scores[id] ?? 0,
      kind: PIECE_KINDS[types[id] ?? 1] ?? 'normal',
    })),
    algorithm,
    bosId,
    unknownSurface: ' ⁇ ',
    normaliser: {
      characterMap: Uint8Array.from(charactersMap),
      addDummyPrefix: flag('add_space_prefix') ?? true,
      removeExtraWhitespaces: flag('remove_extra_whitespaces') ?? false,
      escapeWhitespaces: true,
      whitespaceIsSuffix: false,
    },
  };
}

const byteLevel = (vocabulary: GgufVocabulary, rule: WordRule, path: string): TextTokenizer => ({
  ...definedTokenizer(byteLevelDefinition(vocabulary, rule), {}, path),
  ...identity(vocabulary),
});

/** Byte-level merges in the form of tokenizer.json. */
export function byteLevelDefinition(vocabulary: GgufVocabulary, rule: WordRule): JsonObject {
  const { tokens, types, merges } = vocabulary;
  const kindOf = (id: number) => PIECE_KINDS[types[id] ?? 1];
  const added = tokens.flatMap((content, id) => {
    const kind = kindOf(id);
    return kind === 'control' || kind === 'user-defined'
      ? [
          {
            id,
            content,
            single_word: false,
            lstrip: false,
            rstrip: false,
            normalized: false,
            special: kind === 'control',
          },
        ]
      : [];
  });
  return {
    added_tokens: added,
    normalizer: null,
    pre_tokenizer: rule.pretokenizer,
    post_processor: null,
    decoder: GPT2_WORDS,
    model: {
      type: 'BPE',
      vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
      merges,
      ignore_merges: rule.ignoreMerges ?? false,
    },
  };
}

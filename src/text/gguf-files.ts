/**
 * The tokenizer of a GGUF file as Hugging Face's tools read it: tokenizer.json and tokenizer_config.json with the chat
 * template. Byte-level merges keep their rule for cutting words; SentencePiece pieces become merges in the order of their
 * scores with byte fallback, as llama.cpp takes them. What cannot be said in that form is a reason, never a guess.
 */
import type { Files } from '../host/host.ts';
import { type Maybe, mapMaybe, missing, present } from '../kernel/maybe.ts';
import type { JsonObject } from './files.ts';
import {
  addsBegin,
  byteLevelDefinition,
  type GgufVocabulary,
  pieceModel,
  readGgufVocabulary,
  wordRule,
} from './gguf-tokenizer.ts';
import { tokenizerDefinition } from './sentencepiece/definition.ts';
import { SPACE_MARK } from './sentencepiece/normaliser.ts';

export interface TokenizerFiles {
  readonly tokenizer: JsonObject;
  readonly config: JsonObject;
}

/**
 * The files of the tokenizer in the GGUF file at `path`, or why there are none.
 * @throws HayasaError `checkpoint/truncated`, `checkpoint/bad-header`
 */
export function ggufTokenizerFiles(files: Files, path: string): Maybe<TokenizerFiles> {
  const vocabulary = readGgufVocabulary(files, path);
  if (vocabulary === undefined)
    return missing({ en: `${path} holds no vocabulary`, ja: `${path} に語彙がありません` });
  return mapMaybe(definitionOf(vocabulary, path), (tokenizer) => ({
    tokenizer: { version: '1.0', ...tokenizer, post_processor: beginTemplate(vocabulary) },
    config: configOf(vocabulary),
  }));
}

function definitionOf(vocabulary: GgufVocabulary, path: string): Maybe<JsonObject> {
  if (vocabulary.model === 'gpt2') {
    return mapMaybe(wordRule(vocabulary, path), (rule) => byteLevelDefinition(vocabulary, rule));
  }
  if (vocabulary.model !== 'llama') {
    return missing({
      en: `the tokenizer in ${path} is of the kind "${vocabulary.model}", which is not written as tokenizer.json`,
      ja: `${path} のトークナイザーの種類は「${vocabulary.model}」で、tokenizer.json としては書き出しません`,
    });
  }
  const model = pieceModel(vocabulary, 'BPE');
  const { addDummyPrefix, removeExtraWhitespaces, characterMap } = model.normaliser;
  if (removeExtraWhitespaces || characterMap.length > 0) {
    return missing({
      en: `the tokenizer in ${path} changes characters or spaces, which is not written as tokenizer.json`,
      ja: `${path} のトークナイザーは文字や空白を変えるので、tokenizer.json としては書き出しません`,
    });
  }
  const replace = (from: string, to: string) => ({ type: 'Replace', pattern: { String: from }, content: to });
  return present({
    ...tokenizerDefinition(model, { scoresRank: 'all', findsControl: true }),
    normalizer: {
      type: 'Sequence',
      normalizers: [
        ...(addDummyPrefix ? [{ type: 'Prepend', prepend: SPACE_MARK }] : []),
        replace(' ', SPACE_MARK),
      ],
    },
    decoder: {
      type: 'Sequence',
      decoders: [
        replace(SPACE_MARK, ' '),
        { type: 'ByteFallback' },
        { type: 'Fuse' },
        ...(addDummyPrefix ? [{ type: 'Strip', content: ' ', start: 1, stop: 0 }] : []),
      ],
    },
  });
}

/** The begin-of-text token before a text, where the file says so. */
function beginTemplate(vocabulary: GgufVocabulary): JsonObject | null {
  const { bosId, tokens } = vocabulary;
  const token = bosId === undefined ? undefined : tokens[bosId];
  if (bosId === undefined || token === undefined || !addsBegin(vocabulary)) return null;
  const begin = (type_id: number) => ({ SpecialToken: { id: token, type_id } });
  const text = (id: 'A' | 'B', type_id: number) => ({ Sequence: { id, type_id } });
  return {
    type: 'TemplateProcessing',
    single: [begin(0), text('A', 0)],
    pair: [begin(0), text('A', 0), begin(1), text('B', 1)],
    special_tokens: { [token]: { id: token, ids: [bosId], tokens: [token] } },
  };
}

function configOf(vocabulary: GgufVocabulary): JsonObject {
  const named = (['bos', 'eos', 'unknown', 'padding'] as const).flatMap((name) => {
    const id = vocabulary.idOf(name);
    const token = id === undefined ? undefined : vocabulary.tokens[id];
    return token === undefined ? [] : [[TOKEN_NAMES[name], token] as const];
  });
  return {
    tokenizer_class: 'PreTrainedTokenizerFast',
    clean_up_tokenization_spaces: false,
    ...Object.fromEntries(named),
    add_bos_token: addsBegin(vocabulary),
    ...(vocabulary.chatTemplate === undefined ? {} : { chat_template: vocabulary.chatTemplate }),
  };
}

/** GGUF's names of special tokens -> those of tokenizer_config.json. */
const TOKEN_NAMES = {
  bos: 'bos_token',
  eos: 'eos_token',
  unknown: 'unk_token',
  padding: 'pad_token',
} as const;

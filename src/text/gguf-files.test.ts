/** Tokenizers of GGUF files written as tokenizer.json: read back, they cut as the ones that they were made from. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { testHost } from '../host/test-host.ts';
import { type FixtureValue, ggufBytes } from '../models/checkpoint/gguf-fixture.ts';
import { loadChatTemplate } from './chat-template.ts';
import { ggufTokenizerFiles } from './gguf-files.ts';
import { type PieceKind, parseModelFile } from './sentencepiece/model-file.ts';
import { testTokenizer, testTokenizerFolder } from './test-tokenizers.ts';
import { loadTokenizer } from './tokenizer.ts';

const TEXTS = ['速さを測る。', '  二つ\n改行', '絵文字😀と鱻', "we've 123 、ｶﾞ", 'ﾊﾝｶｸ ｶﾅ', ' a', ''];
const TYPES: readonly PieceKind[] = ['normal', 'unknown', 'control', 'user-defined', 'unused', 'byte'];
type Metadata = Readonly<Record<string, FixtureValue>>;

function filesOf(metadata: Metadata) {
  const keys = Object.entries(metadata).map(([name, value]) => [
    name === 'chat_template' ? 'tokenizer.chat_template' : `tokenizer.ggml.${name}`,
    value,
  ]);
  const bytes = ggufBytes({ metadata: Object.fromEntries(keys), tensors: [], dataBytes: 0 });
  const { files } = testHost({ files: { '/m.gguf': bytes } });
  return { files, made: ggufTokenizerFiles(files, '/m.gguf') };
}

/** The written files, read back as those of a published model are. */
function readBack(metadata: Metadata) {
  const { files, made } = filesOf(metadata);
  if (made.kind === 'missing') throw new Error(made.reason.en);
  files.writeText('/u/tokenizer.json', JSON.stringify(made.value.tokenizer));
  files.writeText('/u/tokenizer_config.json', JSON.stringify(made.value.config));
  const tokenizer = loadTokenizer(files, '/u', undefined);
  if (tokenizer.kind === 'missing') throw new Error(tokenizer.reason.en);
  return { files, tokenizer: tokenizer.value, config: made.value.config };
}

const { pieces } = parseModelFile(readFileSync(testTokenizerFolder('bpe-bytes/tokenizer.model')));
const spm = {
  model: { text: 'llama' },
  tokens: { texts: pieces.map(({ text }) => text) },
  scores: { f32s: pieces.map(({ score }) => score) },
  token_type: { u32s: pieces.map(({ kind }) => TYPES.indexOf(kind) + 1) },
  bos_token_id: { u32: 1 },
  eos_token_id: { u32: 2 },
  unknown_token_id: { u32: 0 },
} as const;

const { vocab, merges } = (
  JSON.parse(readFileSync(join(testTokenizerFolder('byte-level-bpe'), 'tokenizer.json'), 'utf8')) as {
    model: { vocab: Record<string, number>; merges: [string, string][] };
  }
).model;
const tokens = Object.keys(vocab).sort((a, b) => (vocab[a] ?? 0) - (vocab[b] ?? 0));
const bytePairs = {
  model: { text: 'gpt2' },
  pre: { text: 'gpt-2' },
  tokens: { texts: tokens },
  token_type: { u32s: tokens.map((_, id) => (id === 0 ? 3 : 1)) },
  merges: { texts: merges.map((pair) => pair.join(' ')) },
  bos_token_id: { u32: 0 },
} as const;

describe('ggufTokenizerFiles', () => {
  it('writes pieces with scores as merges with byte fallback', () => {
    const [original, { tokenizer, config }] = [testTokenizer('bpe-bytes'), readBack(spm)];
    for (const text of TEXTS) {
      expect(tokenizer.encode(text)).toEqual(original.encode(text));
      expect(tokenizer.decode(original.encode(text))).toBe(text);
    }
    expect(tokenizer.prefixTokens).toEqual([1]);
    expect(config).toMatchObject({
      bos_token: '<s>',
      eos_token: '</s>',
      unk_token: '<unk>',
      add_bos_token: true,
    });
  });

  it('writes no space before the first word, and no begin of text, where the file says so', () => {
    const { tokenizer } = readBack({
      ...spm,
      add_space_prefix: { flag: false },
      add_bos_token: { flag: false },
    });
    expect(tokenizer.decode(tokenizer.encode(' a'))).toBe(' a');
    expect(tokenizer.encode('の')).not.toEqual(testTokenizer('bpe-bytes').encode('の'));
    expect(tokenizer.prefixTokens).toEqual([]);
  });

  it('writes byte-level merges with their rule', () => {
    const original = testTokenizer('byte-level-bpe');
    const { tokenizer } = readBack(bytePairs);
    for (const text of TEXTS) {
      expect(tokenizer.encode(text)).toEqual(original.encode(text));
      expect(tokenizer.decode(tokenizer.encode(text))).toBe(text);
    }
    expect(tokenizer.prefixTokens).toEqual([]);
    expect(readBack({ ...bytePairs, add_bos_token: { flag: true } }).tokenizer.prefixTokens).toEqual([0]);
  });

  it.each(['qwen2', 'smollm', 'llama-bpe'])('cuts by the rule of %s as the tokenizer in the file', (pre) => {
    const metadata = { ...bytePairs, pre: { text: pre } };
    const direct = loadTokenizer(filesOf(metadata).files, '/m.gguf', undefined);
    if (direct.kind === 'missing') throw new Error(direct.reason.en);
    const { tokenizer } = readBack(metadata);
    for (const text of [...TEXTS, '1234 56'])
      expect(tokenizer.encode(text)).toEqual(direct.value.encode(text));
  });

  it('keeps the chat template', () => {
    const { files } = readBack({
      ...spm,
      chat_template: { text: '{{ bos_token }}{{ messages[0].content }}' },
    });
    const template = loadChatTemplate(files, '/u');
    expect(template.kind === 'value' && template.value.render([{ role: 'user', content: '速さ' }])).toBe(
      '<s>速さ',
    );
  });

  it('writes nothing for rules and kinds that are not known', () => {
    expect(filesOf({ ...bytePairs, pre: { text: 'novel' } }).made).toMatchObject({
      reason: { en: 'the tokenizer in /m.gguf cuts words by the rule "novel", which Hayasa does not know' },
    });
    expect(filesOf({ ...spm, model: { text: 't5' } }).made).toMatchObject({
      reason: { en: 'the tokenizer in /m.gguf is of the kind "t5", which is not written as tokenizer.json' },
    });
    expect(filesOf({ ...spm, remove_extra_whitespaces: { flag: true } }).made.kind).toBe('missing');
    expect(filesOf({}).made).toMatchObject({ reason: { en: '/m.gguf holds no vocabulary' } });
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { testHost } from '../host/test-host.ts';
import { type FixtureValue, ggufBytes } from '../models/checkpoint/gguf-fixture.ts';
import { ggufTokenizerFiles } from './gguf-files.ts';
import { type PieceKind, parseModelFile } from './sentencepiece/model-file.ts';
import { testTokenizer, testTokenizerFolder } from './test-tokenizers.ts';
import { loadTokenizer } from './tokenizer.ts';
import { definedTokenizer } from './tokenizer-json.ts';

const TEXTS = ['速さを測る。', '  二つ\n改行', '絵文字😀と鱻', "we've 123 、ｶﾞ", ''];
const TYPES: readonly PieceKind[] = ['normal', 'unknown', 'control', 'user-defined', 'unused', 'byte'];

const load = (metadata: Readonly<Record<string, FixtureValue>>, vocabularySize?: number) => {
  const keys = Object.entries(metadata).map(([name, value]) => [`tokenizer.ggml.${name}`, value]);
  const bytes = ggufBytes({ metadata: Object.fromEntries(keys), tensors: [], dataBytes: 0 });
  return loadTokenizer(testHost({ files: { '/m.gguf': bytes } }).files, '/m.gguf', vocabularySize);
};
const loaded = (metadata: Readonly<Record<string, FixtureValue>>) => {
  const found = load(metadata);
  if (found.kind === 'missing') throw new Error(found.reason.en);
  return found.value;
};

describe('ggufTokenizer', () => {
  const { pieces } = parseModelFile(readFileSync(testTokenizerFolder('bpe-bytes/tokenizer.model')));
  const spm = {
    model: { text: 'llama' },
    tokens: { texts: pieces.map(({ text }) => text) },
    scores: { f32s: pieces.map(({ score }) => score) },
    token_type: { u32s: pieces.map(({ kind }) => TYPES.indexOf(kind) + 1) },
    bos_token_id: { u32: 1 },
  };

  it('cuts as the SentencePiece model that the file was made from', () => {
    const [original, tokenizer] = [testTokenizer('bpe-bytes'), loaded(spm)];
    for (const text of TEXTS) {
      const ids = original.encode(text);
      expect(tokenizer.encode(text)).toEqual(ids);
      expect(tokenizer.decode(ids)).toBe(original.decode(ids));
    }
    expect(tokenizer).toMatchObject({ kind: 'GGUF (llama)', prefixTokens: [1], vocabularySize: 1100 });
    expect(loaded({ ...spm, add_bos_token: { flag: false } }).prefixTokens).toEqual([]);
    expect(loaded({ ...spm, add_space_prefix: { flag: false } }).encode('の')).not.toEqual(
      tokenizer.encode('の'),
    );
  });

  it('merges runs of spaces by their scores, as llama.cpp does and the unpacked tokenizer', () => {
    const runs = ['\u2581\u2581', '\u2581\u2581\u2581', '\u2581\u2581\u2581\u2581'];
    const withRuns = {
      ...spm,
      tokens: { texts: [...spm.tokens.texts, ...runs] },
      scores: { f32s: [...spm.scores.f32s, -2, -1, -3] },
      token_type: { u32s: [...spm.token_type.u32s, 4, 4, 4] },
    };
    const keys = Object.entries(withRuns).map(([name, value]) => [`tokenizer.ggml.${name}`, value]);
    const bytes = ggufBytes({ metadata: Object.fromEntries(keys), tensors: [], dataBytes: 0 });
    const { files } = testHost({ files: { '/m.gguf': bytes } });
    const unpacked = ggufTokenizerFiles(files, '/m.gguf');
    if (unpacked.kind === 'missing') throw new Error(unpacked.reason.en);
    const other = definedTokenizer(unpacked.value.tokenizer, {}, '/m.gguf');
    const direct = loaded(withRuns);
    for (const text of ['a b', 'a  b', 'a   b', 'a    b', '     x', 'の      ', '   \n  y']) {
      expect([text, direct.encode(text)]).toEqual([text, other.encode(text)]);
    }
    const three = pieces.length + 1;
    expect(direct.encode('a   b')).toContain(three);
  });

  const definition = JSON.parse(
    readFileSync(join(testTokenizerFolder('byte-level-bpe'), 'tokenizer.json'), 'utf8'),
  ) as { model: { vocab: Record<string, number>; merges: [string, string][] } };
  const { vocab, merges } = definition.model;
  const tokens = Object.keys(vocab).sort((a, b) => (vocab[a] ?? 0) - (vocab[b] ?? 0));
  const bytePairs = {
    model: { text: 'gpt2' },
    pre: { text: 'gpt-2' },
    tokens: { texts: tokens },
    token_type: { u32s: tokens.map((_, id) => (id === 0 ? 3 : 1)) },
    merges: { texts: merges.map((pair) => pair.join(' ')) },
  };

  it('cuts as the tokenizer.json that the file was made from', () => {
    const [original, tokenizer] = [testTokenizer('byte-level-bpe'), loaded(bytePairs)];
    for (const text of TEXTS) expect(tokenizer.encode(text)).toEqual(original.encode(text));
    expect(tokenizer.decode([0, ...original.encode('速さ')])).toBe('速さ');
    expect(tokenizer).toMatchObject({ kind: 'GGUF (gpt2, gpt-2)', prefixTokens: [] });
  });

  it('cuts digits as the rule says', () => {
    const cut = (pre: string) => loaded({ ...bytePairs, pre: { text: pre } }).encode('1234');
    expect(cut('qwen2')).toEqual(cut('smollm'));
    expect(cut('llama-bpe')).toHaveLength(4);
  });

  it('knows no rule and no kind that it was not told', () => {
    expect(load({ ...bytePairs, pre: { text: 'novel' } })).toMatchObject({
      reason: { en: 'the tokenizer in /m.gguf cuts words by the rule "novel", which Hayasa does not know' },
    });
    expect(load({ ...spm, model: { text: 'rwkv' } })).toMatchObject({
      reason: { en: 'the tokenizer in /m.gguf is of the kind "rwkv", which Hayasa does not read' },
    });
    expect(load({})).toMatchObject({ reason: { en: '/m.gguf holds no vocabulary' } });
    expect(() => load(spm, 1000)).toThrow('/m.gguf has 1100 tokens, the model knows 1000');
  });
});

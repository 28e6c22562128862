import { describe, expect, it } from 'vitest';
import { testHost } from '../host/test-host.ts';
import { HayasaError } from '../kernel/errors.ts';
import { loadTokenizer } from './tokenizer.ts';

/** A byte-pair vocabulary with one merge. */
const definition = {
  version: '1.0',
  truncation: null,
  padding: null,
  added_tokens: [
    {
      id: 0,
      content: '<eos>',
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    },
  ],
  normalizer: null,
  pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
  post_processor: null,
  decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
  model: {
    type: 'BPE',
    dropout: null,
    unk_token: null,
    continuing_subword_prefix: null,
    end_of_word_suffix: null,
    fuse_unk: false,
    byte_fallback: false,
    vocab: { '<eos>': 0, a: 1, b: 2, ab: 3, Ġ: 4 },
    merges: [['a', 'b']],
  },
};

const load = (files: Readonly<Record<string, string>>) => loadTokenizer(testHost({ files }).files, '/m', 512);

describe('loadTokenizer', () => {
  it('encodes and decodes', () => {
    const loaded = load({
      '/m/tokenizer.json': JSON.stringify(definition),
      '/m/tokenizer_config.json': '{"eos_token":"<eos>"}',
    });
    if (loaded.kind === 'missing') throw new Error(loaded.reason.en);
    expect(loaded.value.encode('ab a')).toEqual([3, 4, 1]);
    expect(loaded.value.decode([3, 4, 1, 0])).toBe('ab a');
    expect(loaded.value.vocabularySize).toBe(5);
  });

  it('gives nothing for no text and no tokens', () => {
    const loaded = load({ '/m/tokenizer.json': JSON.stringify(definition) });
    if (loaded.kind === 'missing') throw new Error(loaded.reason.en);
    expect([loaded.value.encode(''), loaded.value.decode([])]).toEqual([[], '']);
  });

  it('refuses the tokenizer of another model', () => {
    const { files } = testHost({ files: { '/m/tokenizer.json': JSON.stringify(definition) } });
    expect(() => loadTokenizer(files, '/m', 4)).toThrow(
      '/m/tokenizer.json has 5 tokens, the model knows 4: it belongs to another model',
    );
  });

  it.each(['', 'no protobuf', '\u0000'])('refuses %j as spiece.model', (text) => {
    expect(() => load({ '/m/spiece.model': text })).toThrow(HayasaError);
  });

  it('says why there is none', () => {
    expect(load({ '/m/config.json': '{}' })).toMatchObject({
      kind: 'missing',
      reason: { en: '/m has no tokenizer.json and no spiece.model' },
    });
  });

  it.each(['{', '1', '{}', '{"model":{"type":"nonsense"}}'])('refuses %s', (text) => {
    expect(() => load({ '/m/tokenizer.json': text })).toThrow(HayasaError);
  });
});

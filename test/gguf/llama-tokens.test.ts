/** The tokenizers that `models unpack` writes against llama.cpp's own, on small vocabularies loaded without weights. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import koffi from 'koffi';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { realHost } from '../../src/host/real-host.ts';
import { type FixtureValue, ggufBytes } from '../../src/models/checkpoint/gguf-fixture.ts';
import { LAYOUT_VERSION } from '../../src/native/llama/layouts.ts';
import { type LlamaLibrary, openLlama } from '../../src/native/llama/library.ts';
import { locateLibrary } from '../../src/native/llama/library-location.ts';
import { ggufTokenizerFiles } from '../../src/text/gguf-files.ts';
import { type PieceKind, parseModelFile } from '../../src/text/sentencepiece/model-file.ts';
import { testTokenizerFolder } from '../../src/text/test-tokenizers.ts';
import { loadTokenizer } from '../../src/text/tokenizer.ts';

const TEXTS = [
  '速さを測る。名前はまだ無い。',
  "The quick brown fox, we've 123 times!",
  '絵文字😀👨‍👩‍👧と鱻',
  'ﾊﾝｶｸ ｶﾅ ﾃﾞｽ｡ ＡＢＣ',
  ' leading',
  'two  spaces\n\nand\tlines',
];
const TYPES: readonly PieceKind[] = ['normal', 'unknown', 'control', 'user-defined', 'unused', 'byte'];

let folder: string;
let llama: LlamaLibrary;
const host = realHost();

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hayasa-llama-tokens-'));
  llama = openLlama(host);
});
afterAll(() => {
  llama.close();
  rmSync(folder, { recursive: true });
});

/** Ids of each text by llama.cpp and by the files that we write. */
function both(name: string, metadata: Readonly<Record<string, FixtureValue>>) {
  const path = join(folder, `${name}.gguf`);
  const keys = Object.entries(metadata).map(([key, value]) => [`tokenizer.ggml.${key}`, value]);
  const all = { 'general.architecture': { text: 'llama' }, ...Object.fromEntries(keys) };
  writeFileSync(path, ggufBytes({ metadata: all, tensors: [], dataBytes: 0 }));
  const made = ggufTokenizerFiles(host.files, path);
  if (made.kind === 'missing') throw new Error(made.reason.en);
  const json = join(folder, name, 'tokenizer.json');
  host.files.writeText(json, JSON.stringify(made.value.tokenizer));
  const written = loadTokenizer(host.files, json, undefined);
  if (written.kind === 'missing') throw new Error(written.reason.en);
  return { theirs: llamaTokens(path), ours: TEXTS.map((text) => written.value.encode(text)) };
}

function llamaTokens(path: string): number[][] {
  const { api } = llama;
  const own = koffi.load(join(locateLibrary(host.system).folder, `libllama.v${LAYOUT_VERSION}.so`));
  const vocabularyOf = own.func('llama_model_get_vocab', 'void *', ['void *']);
  const tokenize = own.func('llama_tokenize', 'int32_t', [
    ...['void *', 'void *', 'int32_t', 'void *', 'int32_t', 'bool', 'bool'],
  ]);
  const model = api.llama_model_load_from_file(path, {
    ...api.llama_model_default_params(),
    vocab_only: true,
  });
  if (model === null) throw new Error(llama.log.warnings().join('\n'));
  const vocabulary: unknown = vocabularyOf(model);
  const tokens = TEXTS.map((text) => {
    const bytes = Buffer.from(text, 'utf8');
    const ids = new Int32Array(2 * bytes.length + 16);
    const count = Number(tokenize(vocabulary, bytes, bytes.length, ids, ids.length, false, false));
    return [...ids.subarray(0, count)];
  });
  api.llama_model_free(model);
  return tokens;
}

describe('the tokenizer of an unpacked GGUF file', () => {
  it('cuts as llama.cpp where pieces have scores', () => {
    const { pieces } = parseModelFile(readFileSync(testTokenizerFolder('bpe-bytes/tokenizer.model')));
    const { ours, theirs } = both('pieces', {
      model: { text: 'llama' },
      tokens: { texts: pieces.map(({ text }) => text) },
      scores: { f32s: pieces.map(({ score }) => score) },
      token_type: { i32s: pieces.map(({ kind }) => TYPES.indexOf(kind) + 1) },
    });
    expect(ours).toEqual(theirs);
  });

  it.each(['gpt-2', 'qwen2', 'smollm', 'llama-bpe'])('cuts as llama.cpp by the rule of %s', (pre) => {
    const path = join(testTokenizerFolder('byte-level-bpe'), 'tokenizer.json');
    const { vocab, merges } = (
      JSON.parse(readFileSync(path, 'utf8')) as {
        model: { vocab: Record<string, number>; merges: [string, string][] };
      }
    ).model;
    const tokens = Object.keys(vocab).sort((a, b) => (vocab[a] ?? 0) - (vocab[b] ?? 0));
    const { ours, theirs } = both(pre, {
      model: { text: 'gpt2' },
      pre: { text: pre },
      tokens: { texts: tokens },
      token_type: { i32s: tokens.map((_, id) => (id === 0 ? 3 : 1)) },
      merges: { texts: merges.map((pair) => pair.join(' ')) },
    });
    expect(ours).toEqual(theirs);
  });
});

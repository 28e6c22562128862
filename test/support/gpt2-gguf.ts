/**
 * A small GGUF file of an architecture that Hayasa does not describe (GPT-2), with seeded random weights, and the same
 * as a mix of K-quants, made by llama.cpp's own quantiser. Rows are 256 values long: K-quants come in blocks of 256.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import koffi from 'koffi';
import { realHost } from '../../src/host/real-host.ts';
import { randomStream } from '../../src/kernel/random.ts';
import { type GgufValue, ggufHeader, paddingAfter } from '../../src/models/gguf/format.ts';
import { openLlama } from '../../src/native/llama/library.ts';
import { locateLibrary } from '../../src/native/llama/library-location.ts';

const HIDDEN = 256;
const FEED_FORWARD = 512;
const LAYERS = 2;
export const GPT2_VOCABULARY = 320;
export const GPT2_POSITIONS = 128;

/** Writes the float32 file at `path`. */
export function writeGpt2(path: string): void {
  const vector = (name: string, length: number) => ({ name, dimensions: [length] });
  const linear = (name: string, rows: number, columns: number) => [
    { name: `${name}.weight`, dimensions: [columns, rows] },
    vector(`${name}.bias`, rows),
  ];
  const norm = (name: string) => [vector(`${name}.weight`, HIDDEN), vector(`${name}.bias`, HIDDEN)];
  const tensors = [
    { name: 'token_embd.weight', dimensions: [HIDDEN, GPT2_VOCABULARY] },
    { name: 'position_embd.weight', dimensions: [HIDDEN, GPT2_POSITIONS] },
    ...Array.from({ length: LAYERS }, (_, index) => `blk.${index}`).flatMap((block) => [
      ...norm(`${block}.attn_norm`),
      ...linear(`${block}.attn_qkv`, 3 * HIDDEN, HIDDEN),
      ...linear(`${block}.attn_output`, HIDDEN, HIDDEN),
      ...norm(`${block}.ffn_norm`),
      ...linear(`${block}.ffn_up`, FEED_FORWARD, HIDDEN),
      ...linear(`${block}.ffn_down`, HIDDEN, FEED_FORWARD),
    ]),
    ...norm('output_norm'),
    { name: 'output.weight', dimensions: [HIDDEN, GPT2_VOCABULARY] },
  ];
  const stream = randomStream(1, 'gpt2 fixture');
  let offset = 0;
  const placed = tensors.map((tensor) => {
    const count = tensor.dimensions.reduce((product, size) => product * size, 1);
    const isNormWeight = tensor.name.endsWith('norm.weight');
    const values = Float32Array.from({ length: count }, () => (isNormWeight ? 1 : 0) + 0.1 * stream.normal());
    const info = { ...tensor, type: 0, offset };
    offset += values.byteLength + paddingAfter(values.byteLength);
    return { info, values };
  });
  const header = ggufHeader(
    METADATA,
    placed.map(({ info }) => info),
  );
  const bytes = new Uint8Array(header.byteLength + offset);
  bytes.set(header);
  for (const { info, values } of placed) {
    bytes.set(new Uint8Array(values.buffer), header.byteLength + info.offset);
  }
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
}

const uint32 = (value: number): GgufValue => ({ kind: 'uint32', value });
const METADATA: ReadonlyMap<string, GgufValue> = new Map<string, GgufValue>([
  ['general.architecture', { kind: 'string', value: 'gpt2' }],
  ['general.name', { kind: 'string', value: 'random GPT-2' }],
  ['general.file_type', uint32(0)],
  ['gpt2.vocab_size', uint32(GPT2_VOCABULARY)],
  ['gpt2.context_length', uint32(GPT2_POSITIONS)],
  ['gpt2.embedding_length', uint32(HIDDEN)],
  ['gpt2.block_count', uint32(LAYERS)],
  ['gpt2.feed_forward_length', uint32(FEED_FORWARD)],
  ['gpt2.attention.head_count', uint32(4)],
  ['gpt2.attention.layer_norm_epsilon', { kind: 'float32', value: 1e-5 }],
  ['tokenizer.ggml.model', { kind: 'string', value: 'no_vocab' }],
]);

/** Numbers of llama_ftype. */
const FILE_TYPES = { Q4_K_M: 15, Q5_K_M: 17, Q6_K: 18 } as const;

/** Only the first members are touched; the rest of llama_model_quantize_params is passed on as it came. */
const parameters = koffi.struct({
  nthread: 'int32_t',
  ftype: 'int32_t',
  rest: koffi.array('uint64_t', 12),
});

/** Writes `target`, `source` quantised by libllama. */
export function quantiseGguf(source: string, target: string, type: keyof typeof FILE_TYPES): void {
  const library = openLlama(realHost());
  const llama = koffi.load(join(locateLibrary(realHost().system).folder, 'libllama.v0.4.0.so'));
  const defaults = llama.func('llama_model_quantize_default_params', parameters, []) as () => object;
  const quantise = llama.func('llama_model_quantize', 'uint32_t', ['str', 'str', 'void *']) as (
    from: string,
    to: string,
    settings: unknown,
  ) => number;
  const settings: unknown = koffi.alloc(parameters, 1);
  koffi.encode(settings, parameters, { ...defaults(), nthread: 1, ftype: FILE_TYPES[type] });
  const code = quantise(source, target, settings);
  const words = library.log.warnings().join('\n');
  library.close();
  if (code !== 0) throw new Error(`llama_model_quantize gave ${code}: ${words}`);
}

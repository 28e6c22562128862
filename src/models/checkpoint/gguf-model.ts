/**
 * An existing GGUF file as a model: any architecture that llama.cpp knows runs as it is. Sizes are taken from the
 * metadata where it has them; the full shape only for architectures that Hayasa describes itself.
 * Keys: the GGUF specification in ggml's docs.
 */
import type { Files } from '../../host/host.ts';
import { contentHash } from '../../kernel/canonical.ts';
import { HayasaError } from '../../kernel/errors.ts';
import type { ModelFile, ModelFileSizes } from '../model-file.ts';
import type { ModelShape } from '../shape.ts';
import { type GgufHeader, parseGgufHeader } from './gguf-header.ts';
import type { GgufValue } from './gguf-metadata.ts';

export interface GgufModel extends ModelFile {
  /** Absolute, links resolved. */
  readonly file: string;
  /** `general.name`, where the file has one. */
  readonly name: string | undefined;
  /** Identity of the model for cells: metadata, tensors and samples of the weights. */
  readonly modelHash: string;
  readonly header: GgufHeader;
}

const FINGERPRINT_BYTES = 4096;

/**
 * Opens the GGUF file at `path`: reads its header and a few kilobytes.
 * @throws HayasaError `file/missing`, `file/cycle`, `checkpoint/truncated`, `checkpoint/bad-header`
 * @throws ProblemsError with every problem of the tensors
 */
export function openGguf(files: Files, path: string): GgufModel {
  const file = files.realPath(path);
  const fileBytes = files.size(file);
  if (files.kind(file) !== 'file' || fileBytes === undefined) {
    throw new HayasaError({
      code: 'file/not-a-file',
      message: `${path}: is no file`,
      hint: 'name one GGUF file',
    });
  }
  const read = (offset: number, length: number): Uint8Array => files.readRange(file, offset, length);
  const header = parseGgufHeader(read, fileBytes, file);
  const { metadata, tensors } = header;
  const architecture = textOf(metadata, 'general.architecture');
  if (architecture === undefined) {
    throw new HayasaError({
      code: 'checkpoint/bad-header',
      message: `${file}: general.architecture is missing`,
      hint: 'a GGUF file of a language model names its architecture',
    });
  }
  const sizes = sizesOf(metadata, architecture);
  const last = tensors.at(-1);
  const sample = last === undefined ? [] : read(last.offset, Math.min(FINGERPRINT_BYTES, last.byteLength));
  return {
    file,
    architecture,
    name: textOf(metadata, 'general.name'),
    sizes,
    shape: architecture === 'gptneox' ? neoxShape(header, sizes) : undefined,
    formats: formatsOf(header),
    totalBytes: tensors.reduce((sum, { byteLength }) => sum + byteLength, 0),
    parameters: tensors.reduce((sum, { dimensions }) => sum + elements(dimensions), 0),
    bosTokenId: countOf(metadata, 'tokenizer.ggml.bos_token_id'),
    eosTokenId: countOf(metadata, 'tokenizer.ggml.eos_token_id'),
    modelHash: contentHash({
      metadata: [...metadata].map(([key, value]) => [key, plain(value)]),
      tensors,
      sample: Buffer.from(sample).toString('base64'),
    }),
    header,
  };
}

function sizesOf(metadata: ReadonlyMap<string, GgufValue>, architecture: string): ModelFileSizes {
  const count = (key: string): number | undefined => countOf(metadata, `${architecture}.${key}`);
  const tokens = metadata.get('tokenizer.ggml.tokens');
  const hiddenSize = count('embedding_length');
  const headCount = count('attention.head_count');
  return {
    layerCount: count('block_count'),
    hiddenSize,
    headCount,
    kvHeadCount: count('attention.head_count_kv') ?? headCount,
    headSize: count('attention.key_length') ?? (hiddenSize && headCount ? hiddenSize / headCount : undefined),
    vocabularySize: count('vocab_size') ?? (isArray(tokens) ? tokens.length : undefined),
    maximumPositions: count('context_length'),
  };
}

/** The shape of a complete gptneox file, or undefined where a size is missing. */
function neoxShape({ metadata, tensors }: GgufHeader, sizes: ModelFileSizes): ModelShape | undefined {
  const { layerCount, hiddenSize, headCount, headSize, vocabularySize, maximumPositions } = sizes;
  const feedForwardSize = countOf(metadata, 'gptneox.feed_forward_length');
  const parallel = metadata.get('gptneox.use_parallel_residual');
  const epsilon = metadata.get('gptneox.attention.layer_norm_epsilon');
  if (!layerCount || !hiddenSize || !headCount || !headSize || !vocabularySize || !maximumPositions)
    return undefined;
  if (!feedForwardSize || typeof epsilon !== 'number') return undefined;
  const base = metadata.get('gptneox.rope.freq_base');
  return {
    architecture: 'gpt-neox',
    hiddenSize,
    layerCount,
    headCount,
    kvHeadCount: headCount,
    headSize,
    feedForwardSize,
    vocabularySize,
    maximumPositions,
    rotary: {
      dimensions: countOf(metadata, 'gptneox.rope.dimension_count') ?? headSize,
      base: typeof base === 'number' ? base : 10000,
    },
    // Stored as float32: 9.999999747378752e-6 is 1e-5.
    normEpsilon: Number(epsilon.toPrecision(6)),
    residual: parallel === false ? 'sequential' : 'parallel',
    // llama.cpp computes this architecture with the tanh form, whatever the checkpoint was trained with.
    activation: 'gelu-tanh',
    tiedEmbeddings: !tensors.some(({ name }) => name === 'output.weight'),
    bosTokenId: countOf(metadata, 'tokenizer.ggml.bos_token_id'),
    eosTokenId: countOf(metadata, 'tokenizer.ggml.eos_token_id'),
  };
}

function formatsOf({ tensors }: GgufHeader): GgufModel['formats'] {
  const formats = new Map<string, { tensors: number; bytes: number }>();
  for (const { type, byteLength } of tensors) {
    const before = formats.get(type) ?? { tensors: 0, bytes: 0 };
    formats.set(type, { tensors: before.tensors + 1, bytes: before.bytes + byteLength });
  }
  return [...formats].map(([type, sums]) => ({ type, ...sums })).sort((a, b) => b.bytes - a.bytes);
}

const elements = (dimensions: readonly number[]): number =>
  dimensions.reduce((product, size) => product * size, 1);

const isArray = (value: GgufValue | undefined): value is Extract<GgufValue, { kind: 'array' }> =>
  typeof value === 'object';

function textOf(metadata: ReadonlyMap<string, GgufValue>, key: string): string | undefined {
  const value = metadata.get(key);
  return typeof value === 'string' ? value : undefined;
}

/** A whole number from 0; some files give one per layer, which is no single size. */
function countOf(metadata: ReadonlyMap<string, GgufValue>, key: string): number | undefined {
  const value = metadata.get(key);
  const count = typeof value === 'bigint' ? Number(value) : value;
  return typeof count === 'number' && Number.isSafeInteger(count) && count >= 0 ? count : undefined;
}

/** As JSON can hold it. */
function plain(value: GgufValue): unknown {
  if (typeof value === 'bigint') return value.toString();
  return isArray(value) ? [value.length, ...value.first.map(plain)] : value;
}

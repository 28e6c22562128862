/**
 * An existing GGUF file as a model: any architecture that llama.cpp knows runs as it is. Sizes are taken from the
 * metadata where it has them; the full shape only for architectures that Hayasa describes itself.
 * Keys: the GGUF specification in ggml's docs.
 */
import type { Files } from '../../host/host.ts';
import { contentHash } from '../../kernel/canonical.ts';
import { HayasaError } from '../../kernel/errors.ts';
import { ARCHITECTURES } from '../architectures/registry.ts';
import { ggufEndOfText } from '../gguf/end-of-text.ts';
import { ggufFacts } from '../gguf/facts.ts';
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
      message: { en: `${path}: is no file`, ja: `${path}: ファイルではありません` },
      hint: { en: 'name one GGUF file', ja: 'GGUF ファイルを 1 つ指定してください' },
    });
  }
  const read = (offset: number, length: number): Uint8Array => files.readRange(file, offset, length);
  const header = parseGgufHeader(read, fileBytes, file);
  const { metadata, tensors } = header;
  const architecture = textOf(metadata, 'general.architecture');
  if (architecture === undefined) {
    throw new HayasaError({
      code: 'checkpoint/bad-header',
      message: {
        en: `${file}: general.architecture is missing`,
        ja: `${file}: general.architecture がありません`,
      },
      hint: {
        en: 'a GGUF file of a language model names its architecture',
        ja: '言語モデルの GGUF ファイルにはアーキテクチャ名が書かれています',
      },
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
    shape: shapeOf(header, architecture),
    formats: formatsOf(header),
    totalBytes: tensors.reduce((sum, { byteLength }) => sum + byteLength, 0),
    parameters: tensors.reduce((sum, { dimensions }) => sum + elements(dimensions), 0),
    bosTokenId: countOf(metadata, 'tokenizer.ggml.bos_token_id'),
    ...ggufEndOfText(metadata),
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

/** The shape of a file whose header says everything that its architecture's config would; undefined elsewhere. */
function shapeOf(header: GgufHeader, name: string): ModelShape | undefined {
  const architecture = ARCHITECTURES.find(({ gguf }) => gguf.name === name);
  if (architecture === undefined) return undefined;
  try {
    return architecture.parseConfig(architecture.gguf.config(ggufFacts(header, name)));
  } catch (error) {
    if (error instanceof HayasaError) return undefined;
    throw error;
  }
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

/**
 * The GGUF container, version 3: how keys, tensor infos and alignment are laid out. Little-endian.
 * Source: the format's comment in ggml/include/gguf.h of llama.cpp; types from ggml_type in ggml/include/ggml.h.
 */

export const GGUF_VERSION = 3;
/** Every tensor, and the start of the data, is a multiple of this. */
export const GGUF_ALIGNMENT_BYTES = 32;

export type GgufValue =
  | { readonly kind: 'uint32'; readonly value: number }
  | { readonly kind: 'float32'; readonly value: number }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'string'; readonly value: string };

export interface GgufTensorInfo {
  readonly name: string;
  /** Fastest dimension first: [inFeatures, outFeatures] for weights. */
  readonly dimensions: readonly number[];
  /** Number of ggml_type. */
  readonly type: number;
  /** From the start of the data section; a multiple of the alignment. */
  readonly offset: number;
}

/** Numbers of gguf_type. */
const valueTypes = { uint32: 4, float32: 6, bool: 7, string: 8 } as const;

/** Bytes of padding after `position` bytes. */
export const paddingAfter = (position: number): number =>
  (GGUF_ALIGNMENT_BYTES - (position % GGUF_ALIGNMENT_BYTES)) % GGUF_ALIGNMENT_BYTES;

/** Everything before the data section, padded so that the data is aligned. */
export function ggufHeader(
  metadata: ReadonlyMap<string, GgufValue>,
  tensors: readonly GgufTensorInfo[],
): Uint8Array {
  const parts: Uint8Array[] = [
    new TextEncoder().encode('GGUF'),
    uint32(GGUF_VERSION),
    uint64(tensors.length),
    uint64(metadata.size),
  ];
  for (const [key, value] of metadata) {
    parts.push(text(key), uint32(valueTypes[value.kind]), valueBytes(value));
  }
  for (const tensor of tensors) {
    parts.push(text(tensor.name), uint32(tensor.dimensions.length));
    parts.push(...tensor.dimensions.map(uint64), uint32(tensor.type), uint64(tensor.offset));
  }
  const length = parts.reduce((sum, part) => sum + part.byteLength, 0);
  const header = new Uint8Array(length + paddingAfter(length));
  let position = 0;
  for (const part of parts) {
    header.set(part, position);
    position += part.byteLength;
  }
  return header;
}

function valueBytes(value: GgufValue): Uint8Array {
  switch (value.kind) {
    case 'uint32':
      return uint32(value.value);
    case 'float32':
      return new Uint8Array(Float32Array.of(value.value).buffer);
    case 'bool':
      return Uint8Array.of(value.value ? 1 : 0);
    case 'string':
      return text(value.value);
  }
}

function text(value: string): Uint8Array {
  const bytes = new TextEncoder().encode(value);
  const whole = new Uint8Array(8 + bytes.byteLength);
  whole.set(uint64(bytes.byteLength));
  whole.set(bytes, 8);
  return whole;
}

const uint32 = (value: number): Uint8Array => new Uint8Array(Uint32Array.of(value).buffer);
const uint64 = (value: number): Uint8Array => new Uint8Array(BigUint64Array.of(BigInt(value)).buffer);

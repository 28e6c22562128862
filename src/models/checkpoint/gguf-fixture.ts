/** Small GGUF files made by hand for tests, with any lie in them. */

/** A metadata value with its type. */
export type FixtureValue =
  | { readonly u32: number }
  | { readonly f32: number }
  | { readonly flag: boolean }
  | { readonly text: string }
  | { readonly texts: readonly string[] }
  | { readonly f32s: readonly number[] }
  | { readonly u32s: readonly number[] }
  | { readonly i32s: readonly number[] };

export interface FixtureTensor {
  readonly name: string;
  /** Fastest-varying first. */
  readonly dimensions: readonly number[];
  /** ggml's number of the format. Default: 0, float32. */
  readonly type?: number;
  /** Relative to the data. */
  readonly offset: number;
}

export interface GgufFixture {
  readonly metadata: Readonly<Record<string, FixtureValue>>;
  readonly tensors: readonly FixtureTensor[];
  readonly dataBytes: number;
  /** Claimed instead of the true one. */
  readonly tensorCount?: number;
  readonly version?: number;
}

/** The bytes of the file, data all zero. */
export function ggufBytes(fixture: GgufFixture): Uint8Array {
  const header = Buffer.concat([
    Buffer.from('GGUF'),
    u32(fixture.version ?? 3),
    u64(fixture.tensorCount ?? fixture.tensors.length),
    u64(Object.keys(fixture.metadata).length),
    ...Object.entries(fixture.metadata).flatMap(([key, value]) => [text(key), typed(value)]),
    ...fixture.tensors.flatMap(({ name, dimensions, type = 0, offset }) => [
      text(name),
      u32(dimensions.length),
      ...dimensions.map(u64),
      u32(type),
      u64(offset),
    ]),
  ]);
  const bytes = new Uint8Array(Math.ceil(header.byteLength / 32) * 32 + fixture.dataBytes);
  bytes.set(header);
  return bytes;
}

function typed(value: FixtureValue): Buffer {
  if ('u32' in value) return Buffer.concat([u32(4), u32(value.u32)]);
  if ('f32' in value) return Buffer.concat([u32(6), f32(value.f32)]);
  if ('flag' in value) return Buffer.concat([u32(7), Buffer.from([value.flag ? 1 : 0])]);
  if ('f32s' in value) return array(6, value.f32s, f32);
  if ('u32s' in value) return array(4, value.u32s, u32);
  // None of our values is negative.
  if ('i32s' in value) return array(5, value.i32s, u32);
  if ('text' in value) return Buffer.concat([u32(8), text(value.text)]);
  return array(8, value.texts, text);
}

const array = <T>(type: number, values: readonly T[], bytesOf: (value: T) => Buffer): Buffer =>
  Buffer.concat([u32(9), u32(type), u64(values.length), ...values.map(bytesOf)]);

function f32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return bytes;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function u64(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

const text = (value: string): Buffer => Buffer.concat([u64(Buffer.byteLength(value)), Buffer.from(value)]);

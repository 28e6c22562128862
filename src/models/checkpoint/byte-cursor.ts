/**
 * Reads little-endian values one after the other out of a file of known size, through a small window: a header of any
 * length needs little memory, and a length that the file cannot hold is refused before anything is allocated.
 */
import { HayasaError } from '../../kernel/errors.ts';
import { inEvery, type Words } from '../../kernel/language.ts';

const VALUE: Words = { en: 'a value', ja: '値' };
const WINDOW_BYTES = 256 * 1024;

/** Bytes [offset, offset + length) of a file. */
export type ReadRange = (offset: number, length: number) => Uint8Array;

export interface ByteCursor {
  /** From the start of the file. */
  readonly position: number;
  u8(): number;
  u16(): number;
  u32(): number;
  /** As a number; @throws where it is above 2^53 - 1 */
  u64(): number;
  i8(): number;
  i16(): number;
  i32(): number;
  i64(): bigint;
  f32(): number;
  f64(): number;
  /** Text of a 64-bit length and UTF-8 bytes. @throws where it is longer than `maximumBytes` or the file */
  text(what: Words, maximumBytes: number): string;
  /** Moves on without reading. @throws where the file ends before */
  skip(what: Words, bytes: number): void;
}

/** A cursor at the start of `file`. Every method throws HayasaError `checkpoint/truncated` or `checkpoint/bad-header`. */
export function byteCursor(read: ReadRange, fileBytes: number, file: string): ByteCursor {
  let position = 0;
  let window: DataView = new DataView(new ArrayBuffer(0));
  let windowStart = 0;
  const need = (what: Words, bytes: number): void => {
    if (position + bytes <= fileBytes) return;
    throw new HayasaError({
      code: 'checkpoint/truncated',
      message: {
        en: `${file}: ${what.en} needs ${bytes} bytes at byte ${position}, the file has ${fileBytes}`,
        ja: `${file}: ${position} バイト目の${what.ja}に ${bytes} バイト必要ですが、ファイルは ${fileBytes} バイトです`,
      },
      hint: {
        en: 'the file is incomplete or damaged: fetch or make it again',
        ja: 'ファイルが不完全か壊れています。取得し直すか作り直してください',
      },
    });
  };
  /** Moves on by `bytes` and returns where they start in the window. */
  const take = (what: Words, bytes: number): number => {
    need(what, bytes);
    if (position < windowStart || position + bytes > windowStart + window.byteLength) {
      const loaded = read(position, Math.min(Math.max(bytes, WINDOW_BYTES), fileBytes - position));
      window = new DataView(loaded.buffer, loaded.byteOffset, loaded.byteLength);
      windowStart = position;
    }
    const at = position - windowStart;
    position += bytes;
    return at;
  };
  // `take` may replace the window, so it comes first.
  const value =
    <T>(bytes: number, get: (at: number) => T) =>
    (): T =>
      get(take(VALUE, bytes));
  const u64 = (): number => {
    const at = take(VALUE, 8);
    const number = window.getBigUint64(at, true);
    if (number <= BigInt(Number.MAX_SAFE_INTEGER)) return Number(number);
    throw badHeader(file, {
      en: `the number ${number} at byte ${position - 8} is beyond any file`,
      ja: `${position - 8} バイト目の数 ${number} は、どんなファイルより大きい値です`,
    });
  };
  return {
    get position() {
      return position;
    },
    u8: value(1, (at) => window.getUint8(at)),
    u16: value(2, (at) => window.getUint16(at, true)),
    u32: value(4, (at) => window.getUint32(at, true)),
    u64,
    i8: value(1, (at) => window.getInt8(at)),
    i16: value(2, (at) => window.getInt16(at, true)),
    i32: value(4, (at) => window.getInt32(at, true)),
    i64: value(8, (at) => window.getBigInt64(at, true)),
    f32: value(4, (at) => window.getFloat32(at, true)),
    f64: value(8, (at) => window.getFloat64(at, true)),
    text: (what, maximumBytes) => {
      const length = u64();
      need(what, length);
      if (length > maximumBytes) {
        throw badHeader(file, {
          en: `${what.en} at byte ${position} claims ${length} bytes (${maximumBytes} at most)`,
          ja: `${position} バイト目の${what.ja}が ${length} バイトとなっています（上限 ${maximumBytes}）`,
        });
      }
      const at = take(what, length);
      return new TextDecoder().decode(new Uint8Array(window.buffer, window.byteOffset + at, length));
    },
    skip: (what, bytes) => {
      need(what, bytes);
      position += bytes;
    },
  };
}

/** A header that contradicts itself or the format. */
export const badHeader = (file: string, what: Words): HayasaError =>
  new HayasaError({
    code: 'checkpoint/bad-header',
    message: inEvery((say) => `${file}: ${say(what)}`),
    hint: {
      en: 'the file is damaged or of another format: fetch or make it again',
      ja: 'ファイルが壊れているか別の形式です。取得し直すか作り直してください',
    },
  });

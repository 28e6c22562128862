/**
 * The header of a safetensors file, as a pure function over its bytes: 8 bytes little-endian length N, N bytes of JSON,
 * then the data that `data_offsets` count from. Every claim is checked against the file's size before it is believed.
 * Source of the rules and of the length limit: the format's own description and reference reader (safetensors 0.5).
 * It deliberately reads no tensor data.
 */

import { HayasaError, messageOf } from '../../kernel/errors.ts';
import { same, type Words } from '../../kernel/language.ts';
import { shortJson } from '../architectures/config-problems.ts';
import { duplicateKeys } from './duplicate-keys.ts';
import { type ProblemList, problemList } from './problem-list.ts';

/** Bits per element. */
const DTYPE_BITS = {
  BOOL: 8,
  F4: 4,
  F6_E2M3: 6,
  F6_E3M2: 6,
  U8: 8,
  I8: 8,
  F8_E5M2: 8,
  F8_E4M3: 8,
  F8_E8M0: 8,
  I16: 16,
  U16: 16,
  F16: 16,
  BF16: 16,
  I32: 32,
  U32: 32,
  F32: 32,
  C64: 64,
  F64: 64,
  I64: 64,
  U64: 64,
} as const;
export type SafetensorsDtype = keyof typeof DTYPE_BITS;

/** The reference reader's limit. */
const MAXIMUM_HEADER_BYTES = 100_000_000;
const LENGTH_BYTES = 8;

export interface SafetensorsTensor {
  readonly name: string;
  readonly dtype: SafetensorsDtype;
  readonly dimensions: readonly number[];
  /** From the start of the file. */
  readonly offset: number;
  readonly byteLength: number;
}

export interface SafetensorsHeader {
  /** In the order of their data. */
  readonly tensors: readonly SafetensorsTensor[];
  readonly metadata: Readonly<Record<string, string>>;
  /** Where the data starts, from the start of the file. */
  readonly dataOffset: number;
  /** Harmless oddities: bytes that belong to no tensor. */
  readonly warnings: readonly Words[];
}

/**
 * Bytes of the whole header (length field included), from the first 8 bytes of a file of `fileBytes` bytes.
 * @throws HayasaError `checkpoint/truncated`, `checkpoint/bad-header`
 */
export function safetensorsHeaderBytes(start: Uint8Array, fileBytes: number, file: string): number {
  if (start.byteLength < LENGTH_BYTES || fileBytes < LENGTH_BYTES)
    throw truncated(file, LENGTH_BYTES, fileBytes);
  const length = new DataView(start.buffer, start.byteOffset, LENGTH_BYTES).getBigUint64(0, true);
  if (length < 2n || length > BigInt(MAXIMUM_HEADER_BYTES)) {
    throw badHeader(file, {
      en: `claims a header of ${length} bytes (2 to ${MAXIMUM_HEADER_BYTES} are possible)`,
      ja: `が ${length} バイトとなっています（2 から ${MAXIMUM_HEADER_BYTES} まで）`,
    });
  }
  const total = LENGTH_BYTES + Number(length);
  if (total > fileBytes) throw truncated(file, total, fileBytes);
  return total;
}

/**
 * The tensors of a header. `header`: the first `safetensorsHeaderBytes` bytes. `fileBytes`: the file's size.
 * @throws HayasaError `checkpoint/truncated`, `checkpoint/bad-header`
 * @throws ProblemsError with every problem of the tensors at once
 */
export function parseSafetensorsHeader(
  header: Uint8Array,
  fileBytes: number,
  file: string,
): SafetensorsHeader {
  const dataOffset = safetensorsHeaderBytes(header, fileBytes, file);
  if (header.byteLength < dataOffset) throw truncated(file, dataOffset, header.byteLength);
  const entries = parseJson(header.subarray(LENGTH_BYTES, dataOffset), file);
  const problems = problemList(file);
  for (const key of duplicateKeys(entries.text))
    problems.add({
      path: key,
      message: { en: 'stands twice in the header', ja: 'ヘッダーに 2 回書かれています' },
    });
  const tensors: SafetensorsTensor[] = [];
  let metadata: Readonly<Record<string, string>> = {};
  for (const [name, value] of Object.entries(entries.record)) {
    if (name === '__metadata__') metadata = parseMetadata(value, problems);
    else {
      const tensor = parseTensor(name, value, dataOffset, problems);
      if (tensor !== undefined) tensors.push(tensor);
    }
  }
  tensors.sort((a, b) => a.offset - b.offset || a.byteLength - b.byteLength);
  const warnings = checkExtents(tensors, dataOffset, fileBytes, problems);
  problems.throwIfAny();
  return { tensors, metadata, dataOffset, warnings };
}

/** Bytes of `dimensions` in `dtype`, or undefined where the product is no exact number of bytes. */
export function tensorBytes(dtype: SafetensorsDtype, dimensions: readonly number[]): number | undefined {
  const bits = dimensions.reduce(
    (product, dimension) => product * BigInt(dimension),
    BigInt(DTYPE_BITS[dtype]),
  );
  return bits % 8n !== 0n || bits / 8n > BigInt(Number.MAX_SAFE_INTEGER) ? undefined : Number(bits / 8n);
}

function parseJson(
  bytes: Uint8Array,
  file: string,
): { text: string; record: Readonly<Record<string, unknown>> } {
  let value: unknown;
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    value = JSON.parse(text);
  } catch (error) {
    throw badHeader(file, {
      en: `is no JSON: ${messageOf(error)}`,
      ja: `が JSON ではありません: ${messageOf(error)}`,
    });
  }
  if (!isRecord(value))
    throw badHeader(file, { en: 'is no JSON object', ja: 'が JSON オブジェクトではありません' });
  return { text, record: value };
}

function parseMetadata(value: unknown, problems: ProblemList): Readonly<Record<string, string>> {
  if (!isRecord(value) || Object.values(value).some((entry) => typeof entry !== 'string')) {
    problems.add({
      path: '__metadata__',
      message: { en: 'must map text to text', ja: '文字列から文字列への対応であるべきです' },
      value: shortJson(value),
    });
    return {};
  }
  return value as Readonly<Record<string, string>>;
}

function parseTensor(
  name: string,
  value: unknown,
  dataOffset: number,
  problems: ProblemList,
): SafetensorsTensor | undefined {
  if (!isRecord(value)) {
    problems.add({
      path: name,
      message: { en: 'is no object', ja: 'オブジェクトではありません' },
      value: shortJson(value),
    });
    return undefined;
  }
  const { dtype, shape, data_offsets: offsets } = value;
  const wrong = (field: string, message: Words, given: unknown, allowed?: Words): void =>
    problems.add({
      path: `${name}.${field}`,
      message,
      value: shortJson(given),
      ...(allowed === undefined ? {} : { allowed }),
    });
  if (!isDtype(dtype))
    wrong(
      'dtype',
      { en: 'unknown dtype', ja: '未知の dtype です' },
      dtype,
      same(Object.keys(DTYPE_BITS).join(', ')),
    );
  if (!isCounts(shape))
    wrong(
      'shape',
      { en: 'must be a list of whole numbers from 0', ja: '0 以上の整数の並びであるべきです' },
      shape,
    );
  const extent =
    isCounts(offsets) && offsets.length === 2 ? ([offsets[0] ?? 0, offsets[1] ?? 0] as const) : undefined;
  if (extent === undefined)
    wrong(
      'data_offsets',
      { en: 'must be two whole numbers from 0', ja: '0 以上の整数 2 つであるべきです' },
      offsets,
    );
  else if (extent[1] < extent[0])
    wrong('data_offsets', { en: 'end before they begin', ja: '終わりが始まりより前です' }, offsets);
  if (!isDtype(dtype) || !isCounts(shape) || extent === undefined || extent[1] < extent[0]) return undefined;

  const byteLength = extent[1] - extent[0];
  const expected = tensorBytes(dtype, shape);
  if (expected === undefined)
    wrong(
      'shape',
      { en: `is no exact number of bytes in ${dtype}`, ja: `${dtype} でちょうどのバイト数になりません` },
      shape,
    );
  else if (expected !== byteLength) {
    wrong(
      'data_offsets',
      {
        en: `span ${byteLength} bytes, but ${dtype} ${shortJson(shape)} needs ${expected}`,
        ja: `${byteLength} バイトの範囲ですが、${dtype} ${shortJson(shape)} には ${expected} バイト必要です`,
      },
      offsets,
    );
  }
  return { name, dtype, dimensions: shape, offset: dataOffset + extent[0], byteLength };
}

/** Tensors inside the file and apart from each other. Returns warnings about bytes that belong to none. */
function checkExtents(
  sorted: readonly SafetensorsTensor[],
  dataOffset: number,
  fileBytes: number,
  problems: ProblemList,
): Words[] {
  const warnings: Words[] = [];
  let end = dataOffset;
  let last = '';
  for (const { name, offset, byteLength } of sorted) {
    if (offset + byteLength > fileBytes) {
      problems.add({
        path: name,
        message: {
          en: `ends at byte ${offset + byteLength}, the file has ${fileBytes}: truncated`,
          ja: `${offset + byteLength} バイト目で終わるはずですが、ファイルは ${fileBytes} バイトしかありません（途中で切れています）`,
        },
      });
    }
    if (byteLength === 0) continue;
    if (offset < end)
      problems.add({ path: name, message: { en: `overlaps ${last}`, ja: `${last} と重なっています` } });
    if (offset > end) {
      warnings.push({
        en: `${offset - end} bytes before ${name} belong to no tensor`,
        ja: `${name} の前の ${offset - end} バイトは、どのテンソルのものでもありません`,
      });
    }
    if (offset + byteLength >= end) {
      end = offset + byteLength;
      last = name;
    }
  }
  if (end < fileBytes) {
    warnings.push({
      en: `${fileBytes - end} bytes at the end belong to no tensor`,
      ja: `末尾の ${fileBytes - end} バイトは、どのテンソルのものでもありません`,
    });
  }
  return warnings;
}

const isDtype = (value: unknown): value is SafetensorsDtype =>
  typeof value === 'string' && Object.hasOwn(DTYPE_BITS, value);

const isCounts = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.every((entry) => Number.isSafeInteger(entry) && entry >= 0);

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const badHeader = (file: string, what: Words): HayasaError =>
  new HayasaError({
    code: 'checkpoint/bad-header',
    message: {
      en: `${file}: the safetensors header ${what.en}`,
      ja: `${file}: safetensors のヘッダー${what.ja}`,
    },
    hint: {
      en: 'the file is damaged or no safetensors file: fetch or make it again',
      ja: 'ファイルが壊れているか、safetensors ではありません。取得し直すか作り直してください',
    },
  });

const truncated = (file: string, needed: number, present: number): HayasaError =>
  new HayasaError({
    code: 'checkpoint/truncated',
    message: {
      en: `${file}: needs ${needed} bytes for its header, the file has ${present}`,
      ja: `${file}: ヘッダーに ${needed} バイト必要ですが、ファイルは ${present} バイトです`,
    },
    hint: {
      en: 'the file is incomplete: fetch or make it again',
      ja: 'ファイルが不完全です。取得し直すか作り直してください',
    },
  });

/**
 * The header of a safetensors file, as a pure function over its bytes: 8 bytes little-endian length N, N bytes of JSON,
 * then the data that `data_offsets` count from. Every claim is checked against the file's size before it is believed.
 * Source of the rules and of the length limit: the format's own description and reference reader (safetensors 0.5).
 * It deliberately reads no tensor data.
 */

import { HayasaError, messageOf } from '../../kernel/errors.ts';
import { isObject } from '../../kernel/is-object.ts';
import type { Words } from '../../kernel/language.ts';
import { shortJson } from '../architectures/config-problems.ts';
import { duplicateKeys } from './duplicate-keys.ts';
import { checkFileExtents } from './file-extents.ts';
import { type ProblemList, problemList } from './problem-list.ts';
import { gapWarnings } from './safetensors-gaps.ts';
import { parseTensor, type SafetensorsTensor } from './safetensors-tensor.ts';

/** The reference reader's limit. */
const MAXIMUM_HEADER_BYTES = 100_000_000;
const LENGTH_BYTES = 8;

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
  checkFileExtents(tensors, fileBytes, problems);
  problems.throwIfAny();
  return { tensors, metadata, dataOffset, warnings: gapWarnings(tensors, dataOffset, fileBytes) };
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
  if (!isObject(value))
    throw badHeader(file, { en: 'is no JSON object', ja: 'が JSON オブジェクトではありません' });
  return { text, record: value };
}

function parseMetadata(value: unknown, problems: ProblemList): Readonly<Record<string, string>> {
  if (!isObject(value) || Object.values(value).some((entry) => typeof entry !== 'string')) {
    problems.add({
      path: '__metadata__',
      message: { en: 'must map text to text', ja: '文字列から文字列への対応であるべきです' },
      value: shortJson(value),
    });
    return {};
  }
  return value as Readonly<Record<string, string>>;
}

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

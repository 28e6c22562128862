/**
 * The header of a GGUF file, version 2 or 3, little-endian: metadata and where each tensor lies. Pure over a function
 * that reads ranges. Source of the format: the GGUF specification in ggml's docs.
 * It deliberately reads no tensor data and gives no meaning to the metadata (see gguf-model.ts).
 */
import { type ByteCursor, badHeader, byteCursor, type ReadRange } from './byte-cursor.ts';
import { checkFileExtents } from './file-extents.ts';
import { GGML_TYPES } from './ggml-types.ts';
import { type GgufValue, readGgufMetadata } from './gguf-metadata.ts';
import { type ProblemList, problemList } from './problem-list.ts';

const MAGIC = 0x46554747;
const VERSIONS: readonly number[] = [2, 3];
const MAXIMUM_TENSORS = 65_536;
const MAXIMUM_NAME_BYTES = 1024;
const MAXIMUM_DIMENSIONS = 4;
const DEFAULT_ALIGNMENT = 32;

export interface GgufTensor {
  readonly name: string;
  /** ggml's name of the format, `Q4_K`. */
  readonly type: string;
  /** Fastest-varying first, as in the file: the reverse of safetensors. */
  readonly dimensions: readonly number[];
  /** From the start of the file. */
  readonly offset: number;
  readonly byteLength: number;
}

export interface GgufHeader {
  readonly version: number;
  readonly metadata: ReadonlyMap<string, GgufValue>;
  /** In file order. */
  readonly tensors: readonly GgufTensor[];
  /** Where the data starts, from the start of the file. */
  readonly dataOffset: number;
}

/**
 * Reads the header of a file of `fileBytes` bytes.
 * @throws HayasaError `checkpoint/truncated`, `checkpoint/bad-header`
 * @throws ProblemsError with every problem of the tensors at once
 */
export function parseGgufHeader(read: ReadRange, fileBytes: number, file: string): GgufHeader {
  const { cursor, version, tensorCount, metadata } = readPreamble(read, fileBytes, file);
  const alignment = alignmentOf(metadata, file);

  const problems = problemList(file);
  const relative: GgufTensor[] = [];
  const names = new Set<string>();
  for (let i = 0; i < tensorCount; i += 1) {
    const tensor = readTensor(cursor, alignment, problems, file);
    if (names.has(tensor.name))
      problems.add({ path: tensor.name, message: { en: 'stands twice', ja: '2 回書かれています' } });
    names.add(tensor.name);
    relative.push(tensor);
  }
  const dataOffset = Math.ceil(cursor.position / alignment) * alignment;
  const tensors = relative.map((tensor) => ({ ...tensor, offset: tensor.offset + dataOffset }));
  const byOffset = [...tensors].sort((a, b) => a.offset - b.offset);
  checkFileExtents(byOffset, fileBytes, problems);
  problems.throwIfAny();
  return { version, metadata, tensors, dataOffset };
}

/**
 * The metadata alone, arrays of the keys in `whole` with all their elements: a vocabulary, which headers leave out.
 * @throws HayasaError `checkpoint/truncated`, `checkpoint/bad-header`
 */
export const parseGgufMetadata = (
  read: ReadRange,
  fileBytes: number,
  file: string,
  whole: ReadonlySet<string>,
): ReadonlyMap<string, GgufValue> => readPreamble(read, fileBytes, file, whole).metadata;

interface Preamble {
  /** Behind the metadata. */
  readonly cursor: ByteCursor;
  readonly version: number;
  readonly tensorCount: number;
  readonly metadata: ReadonlyMap<string, GgufValue>;
}

function readPreamble(
  read: ReadRange,
  fileBytes: number,
  file: string,
  whole?: ReadonlySet<string>,
): Preamble {
  const cursor = byteCursor(read, fileBytes, file);
  if (cursor.u32() !== MAGIC)
    throw badHeader(file, {
      en: 'is no GGUF file: it does not start with GGUF',
      ja: 'GGUF ファイルではありません: GGUF で始まっていません',
    });
  const version = cursor.u32();
  if (!VERSIONS.includes(version)) {
    throw badHeader(file, {
      en: `GGUF version ${version}; versions ${VERSIONS.join(', ')} little-endian can be read`,
      ja: `GGUF バージョン ${version} です。読めるのはリトルエンディアンのバージョン ${VERSIONS.join(', ')} です`,
    });
  }
  const tensorCount = cursor.u64();
  const keyCount = cursor.u64();
  if (tensorCount > MAXIMUM_TENSORS)
    throw badHeader(file, {
      en: `claims ${tensorCount} tensors (${MAXIMUM_TENSORS} at most)`,
      ja: `テンソルが ${tensorCount} 個となっています（上限 ${MAXIMUM_TENSORS}）`,
    });
  const metadata = readGgufMetadata(cursor, keyCount, file, whole);
  return { cursor, version, tensorCount, metadata };
}

/** One tensor, its offset still relative to the data. */
function readTensor(cursor: ByteCursor, alignment: number, problems: ProblemList, file: string): GgufTensor {
  const name = cursor.text({ en: 'a tensor name', ja: 'テンソル名' }, MAXIMUM_NAME_BYTES);
  const dimensionCount = cursor.u32();
  // The rest of the header cannot be found behind a wrong count.
  if (dimensionCount > MAXIMUM_DIMENSIONS) {
    throw badHeader(file, {
      en: `${JSON.stringify(name)} claims ${dimensionCount} dimensions (${MAXIMUM_DIMENSIONS} at most)`,
      ja: `${JSON.stringify(name)} が ${dimensionCount} 次元となっています（上限 ${MAXIMUM_DIMENSIONS}）`,
    });
  }
  const dimensions = Array.from({ length: dimensionCount }, () => cursor.u64());
  const typeNumber = cursor.u32();
  const offset = cursor.u64();
  const type = GGML_TYPES.get(typeNumber);
  if (offset % alignment !== 0) {
    problems.add({
      path: name,
      message: {
        en: `its offset is no multiple of ${alignment}`,
        ja: `オフセットが ${alignment} の倍数ではありません`,
      },
      value: String(offset),
    });
  }
  if (type === undefined) {
    problems.add({
      path: name,
      message: { en: 'unknown tensor format', ja: '未知のテンソル形式です' },
      value: String(typeNumber),
    });
    return { name, type: `unknown ${typeNumber}`, dimensions, offset, byteLength: 0 };
  }
  const elements = dimensions.reduce((product, dimension) => product * BigInt(dimension), 1n);
  const bytes = (elements / BigInt(type.blockElements)) * BigInt(type.blockBytes);
  if (elements === 0n)
    problems.add({
      path: name,
      message: { en: 'has a dimension of 0', ja: '大きさ 0 の次元があります' },
      value: dimensions.join(' x '),
    });
  if ((dimensions[0] ?? 1) % type.blockElements !== 0) {
    problems.add({
      path: name,
      message: {
        en: `its rows are no multiple of ${type.blockElements}, as ${type.name} needs`,
        ja: `行の長さが、${type.name} に必要な ${type.blockElements} の倍数ではありません`,
      },
      value: dimensions.join(' x '),
    });
  }
  if (bytes > BigInt(Number.MAX_SAFE_INTEGER)) {
    problems.add({
      path: name,
      message: { en: 'is larger than any file', ja: 'どんなファイルより大きいテンソルです' },
      value: dimensions.join(' x '),
    });
    return { name, type: type.name, dimensions, offset, byteLength: 0 };
  }
  return { name, type: type.name, dimensions, offset, byteLength: Number(bytes) };
}

function alignmentOf(metadata: ReadonlyMap<string, GgufValue>, file: string): number {
  const alignment = metadata.get('general.alignment') ?? DEFAULT_ALIGNMENT;
  if (
    typeof alignment !== 'number' ||
    !Number.isInteger(Math.log2(alignment)) ||
    alignment < 1 ||
    alignment > 2 ** 20
  ) {
    throw badHeader(file, {
      en: `general.alignment is ${JSON.stringify(String(alignment))}, not a power of two up to 2^20`,
      ja: `general.alignment が ${JSON.stringify(String(alignment))} で、2^20 以下の 2 のべき乗ではありません`,
    });
  }
  return alignment;
}

/**
 * Writes a checkpoint as a GGUF file, tensor by tensor in pieces of bounded size: memory does not grow with the model.
 * The file appears under its name only when it is complete.
 */
import { dirname, join } from 'node:path';
import type { Files, Host, NewFile } from '../../host/host.ts';
import { contentHash } from '../../kernel/canonical.ts';
import { HayasaError } from '../../kernel/errors.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { readFloats } from '../numeric/tensor-values.ts';
import { type GgufTensorInfo, ggufHeader, paddingAfter } from './format.ts';
import { type GgufTensor, ggufMetadata, ggufTensors, sourceRow } from './tensor-map.ts';
import { type GgufType, tensorTypes } from './tensor-types.ts';

/** Bump when the same checkpoint would give another file. */
const WRITER_VERSION = 1;
/** Values held at once: 4 MiB of float32, and as much encoded at most. */
const PIECE_VALUES = 2 ** 20;

export type GgufSource = Pick<Checkpoint, 'folder' | 'shape' | 'description' | 'tensors' | 'modelHash'>;

/** Bytes of the file, exactly, header included. */
export function ggufFileBytes(source: Pick<Checkpoint, 'description'>, type: GgufType, name: string): number {
  const { infos, dataBytes } = layOut(ggufTensors(source.description, type));
  return ggufHeader(ggufMetadata(source.description, type, name), infos).byteLength + dataBytes;
}

export interface CachedGguf {
  readonly path: string;
  /** Bytes written by this call; 0 where the file was there. */
  readonly bytesWritten: number;
}

/** Where the GGUF file of a checkpoint lies in the cache, by content: the same weights and type give the same path. */
export function cachedGgufPath(
  cacheFolder: string,
  source: Pick<Checkpoint, 'modelHash'>,
  type: GgufType,
): string {
  const hash = contentHash({ model: source.modelHash, type, writer: WRITER_VERSION });
  return join(cacheFolder, 'gguf', `${hash}-${type}.gguf`);
}

/**
 * The cached file of a checkpoint, written now where it is missing or has another size.
 * @throws HayasaError `gguf/row-size`, `file/disk-full`, `file/no-permission`, and what reading the checkpoint throws
 */
export function ensureGguf(
  host: Pick<Host, 'files'>,
  source: GgufSource,
  type: GgufType,
  cacheFolder: string,
  onProgress?: (fraction: number) => void,
): CachedGguf {
  const path = cachedGgufPath(cacheFolder, source, type);
  const bytes = ggufFileBytes(source, type, nameOf(source));
  if (host.files.kind(path) === 'file' && host.files.size(path) === bytes) return { path, bytesWritten: 0 };
  host.files.makeFolder(dirname(path));
  return { path, bytesWritten: writeGguf(host.files, source, type, path, onProgress) };
}

/**
 * Writes the file at `path` and returns its bytes. Matrices get `type`; norms and biases stay f32.
 * @throws HayasaError `gguf/row-size` where a row does not divide into blocks
 */
export function writeGguf(
  files: Files,
  source: GgufSource,
  type: GgufType,
  path: string,
  onProgress?: (fraction: number) => void,
): number {
  const tensors = ggufTensors(source.description, type);
  checkRows(tensors);
  const { infos, dataBytes } = layOut(tensors);
  const file = files.createFile(path);
  try {
    file.write(ggufHeader(ggufMetadata(source.description, type, nameOf(source)), infos));
    const dataStart = file.position;
    for (const tensor of tensors) {
      writeTensor(files, file, source, tensor);
      const padding = paddingAfter(file.position);
      if (padding > 0) file.write(new Uint8Array(padding));
      onProgress?.((file.position - dataStart) / dataBytes);
    }
    const bytes = file.position;
    file.commit();
    return bytes;
  } catch (error) {
    file.discard();
    throw error;
  }
}

const nameOf = (source: Pick<Checkpoint, 'modelHash'>): string => source.modelHash;

function checkRows(tensors: readonly GgufTensor[]): void {
  for (const { name, columns, type } of tensors) {
    const { blockValues } = tensorTypes[type];
    if (columns % blockValues !== 0) {
      throw new HayasaError({
        code: 'gguf/row-size',
        message: {
          en: `${name}: rows of ${columns} values do not divide into blocks of ${blockValues} (${type})`,
          ja: `${name}: ${columns} 個の値からなる行は、${blockValues} 個ずつのブロックに割り切れません（${type}）`,
        },
        hint: { en: 'use fp32 or fp16 for this model', ja: 'このモデルには fp32 か fp16 を使ってください' },
      });
    }
  }
}

function layOut(tensors: readonly GgufTensor[]): { infos: GgufTensorInfo[]; dataBytes: number } {
  let offset = 0;
  const infos = tensors.map(({ name, rows, columns, type, isVector }) => {
    const { number, blockValues, blockBytes } = tensorTypes[type];
    const info = { name, dimensions: isVector ? [columns] : [columns, rows], type: number, offset };
    const bytes = ((rows * columns) / blockValues) * blockBytes;
    offset += bytes + paddingAfter(bytes);
    return info;
  });
  return { infos, dataBytes: offset };
}

function writeTensor(files: Files, file: NewFile, source: GgufSource, tensor: GgufTensor): void {
  const { encode } = tensorTypes[tensor.type];
  const origin = tensor.source;
  if (origin.kind === 'values') {
    file.write(encode(origin.values));
    return;
  }
  const stored = source.tensors.get(origin.name);
  if (stored === undefined) {
    throw new HayasaError({
      code: 'checkpoint/missing-tensor',
      message: {
        en: `${source.folder}: tensor ${origin.name} is missing`,
        ja: `${source.folder}: テンソル ${origin.name} がありません`,
      },
    });
  }
  for (const { start, count } of runsOf(tensor, source)) {
    for (let at = start; at < start + count; at += PIECE_VALUES) {
      const values = readFloats(files, stored, at, Math.min(PIECE_VALUES, start + count - at));
      file.write(encode(origin.plus === 0 ? values : values.map((value) => value + origin.plus)));
    }
  }
}

/** Ranges of the checkpoint's elements, in the order of the file. */
function* runsOf(tensor: GgufTensor, { shape }: GgufSource): Generator<{ start: number; count: number }> {
  const { order } = tensor;
  const rows = tensor.isVector ? tensor.columns : tensor.rows;
  const rowValues = tensor.isVector ? 1 : tensor.columns;
  if (order === 'as-is') {
    yield { start: 0, count: rows * rowValues };
    return;
  }
  // Rows of one head's queries lie together in a fused projection.
  const together = order === 'qkv' ? shape.headSize : 1;
  for (let row = 0; row < rows; row += together) {
    yield { start: sourceRow(order, row, shape) * rowValues, count: together * rowValues };
  }
}

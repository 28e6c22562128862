/**
 * Writes the quantised weights of a model as `quantisedLayout` places them: streamed, so that memory holds at most one
 * layer's quantised values and a few megabytes of its source.
 */
import type { Files, NewFile } from '../../host/host.ts';
import { HayasaError } from '../../kernel/errors.ts';
import type { CheckpointTensor } from '../checkpoint/checkpoint.ts';
import { dtypeBytes } from '../checkpoint/checkpoint.ts';
import { decodeFloats } from '../numeric/tensor-values.ts';
import { quantiseColumns } from '../quantise/columns.ts';
import { quantiseGroups } from '../quantise/groups.ts';
import {
  fusedSourceRow,
  type QuantisedFormat,
  type QuantisedLayout,
  type QuantisedTensor,
} from './quantised-layout.ts';

/** Source bytes read at once. */
const CHUNK_BYTES = 4 * 1024 * 1024;

/** Source tensors by name, in the checkpoint's own files. */
export type SourceTensors = ReadonlyMap<string, CheckpointTensor>;

/**
 * Writes `path` (atomically; whatever was there before is replaced).
 * @param onFraction share done, in [0, 1]
 * @throws HayasaError `file/disk-full`, `file/no-permission`, `checkpoint/missing-tensor`
 */
export function writeQuantisedFile(
  files: Files,
  path: string,
  layout: QuantisedLayout,
  format: QuantisedFormat,
  source: SourceTensors,
  onFraction: (fraction: number) => void,
): void {
  const file = files.createFile(path);
  try {
    for (const tensor of layout.tensors.values()) {
      writeTensor(files, file, tensor, format, source);
      onFraction(file.position / layout.totalBytes);
    }
    file.commit();
  } catch (error) {
    file.discard();
    throw error;
  }
}

function writeTensor(
  files: Files,
  file: NewFile,
  tensor: QuantisedTensor,
  format: QuantisedFormat,
  source: SourceTensors,
): void {
  const { linear, values, scales } = tensor;
  const scaleValues = new Float32Array(scales.byteLength / 4);
  const quantised = new Uint8Array(values.byteLength);
  const bytesPerRow = values.byteLength / linear.outFeatures;
  const groupsPerRow = scaleValues.length / linear.outFeatures;
  for (const { firstRow, rows } of rowChunks(files, tensor, source)) {
    const rowCount = rows.length / linear.inFeatures;
    if (format.kind === 'w8a8') {
      const signed = new Int8Array(quantised.buffer);
      quantiseColumns(rows, rowCount, linear.inFeatures, firstRow, linear.outFeatures, signed, scaleValues);
    } else {
      quantiseGroups(
        rows,
        format.bits,
        format.groupSize,
        quantised.subarray(firstRow * bytesPerRow),
        scaleValues.subarray(firstRow * groupsPerRow),
      );
    }
  }
  writeAt(file, values.offset, quantised);
  writeAt(file, scales.offset, new Uint8Array(scaleValues.buffer));
}

/** Rows of the layer in their new order, a few megabytes at a time. */
function* rowChunks(
  files: Files,
  { linear, fusedHeads }: QuantisedTensor,
  source: SourceTensors,
): Generator<{ readonly firstRow: number; readonly rows: Float32Array }> {
  const stored = source.get(linear.weight);
  if (stored === undefined) {
    throw new HayasaError({
      code: 'checkpoint/missing-tensor',
      message: { en: `no tensor ${linear.weight}`, ja: `テンソル ${linear.weight} がありません` },
    });
  }
  const rowBytes = linear.inFeatures * dtypeBytes(stored.dtype);
  const read = (row: number, count: number): Float32Array =>
    decodeFloats(
      files.readRange(stored.file, stored.offset + row * rowBytes, count * rowBytes),
      stored.dtype,
    );
  if (fusedHeads === undefined) {
    const rowsAtOnce = Math.max(1, Math.floor(CHUNK_BYTES / rowBytes));
    for (let row = 0; row < linear.outFeatures; row += rowsAtOnce) {
      yield { firstRow: row, rows: read(row, Math.min(rowsAtOnce, linear.outFeatures - row)) };
    }
    return;
  }
  // One head's queries, keys or values lie together in both orders.
  const headSize = linear.outFeatures / (3 * fusedHeads);
  for (let row = 0; row < linear.outFeatures; row += headSize) {
    yield { firstRow: row, rows: read(fusedSourceRow(row, fusedHeads, headSize), headSize) };
  }
}

function writeAt(file: NewFile, offset: number, bytes: Uint8Array): void {
  if (offset > file.position) file.write(new Uint8Array(offset - file.position));
  file.write(bytes);
}

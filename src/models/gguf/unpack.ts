/**
 * A GGUF file as a Hugging Face folder: tensors dequantised, renamed and put back into their own order, config.json from
 * the metadata. Streamed: memory holds a few megabytes, or one matrix whose rows are re-ordered.
 * config.json comes last, so that an interrupted folder does not open as a checkpoint.
 */

import { join } from 'node:path';
import type { Files, NewFile } from '../../host/host.ts';
import { HayasaError } from '../../kernel/errors.ts';
import { same } from '../../kernel/language.ts';
import type { Architecture } from '../architectures/architecture.ts';
import { ARCHITECTURES } from '../architectures/registry.ts';
import type { TensorDtype } from '../checkpoint/checkpoint.ts';
import type { GgufTensor as StoredTensor } from '../checkpoint/gguf-header.ts';
import type { GgufModel } from '../checkpoint/gguf-model.ts';
import { problemList } from '../checkpoint/problem-list.ts';
import { layoutSafetensors } from '../checkpoint/safetensors-layout.ts';
import { SINGLE_FILE } from '../checkpoint/weight-files.ts';
import { type TensorSpec, tensorSpecs } from '../description.ts';
import { encodeFloats } from '../numeric/tensor-values.ts';
import type { ModelShape } from '../shape.ts';
import { dequantise, READABLE_FORMATS } from './dequantise.ts';
import { ggufFacts } from './facts.ts';
import { type GgufTensor, ggufTensors, sourceRow } from './tensor-map.ts';

/** Values that are held at once where rows stay in their order: 4 MiB of float32. */
const PIECE_VALUES = 2 ** 20;

export interface UnpackInit {
  readonly gguf: GgufModel;
  readonly folder: string;
  readonly dtype: TensorDtype;
}

interface Piece {
  readonly spec: TensorSpec;
  readonly target: GgufTensor;
  readonly stored: StoredTensor;
}

/**
 * Writes model.safetensors and config.json into `folder`. @returns bytes of the weights
 * @throws HayasaError `gguf/architecture`, `gguf/rope-factors`, `gguf/experts`, `file/disk-full`, `file/no-permission`
 * @throws ProblemsError with every key that config.json would lack, or every tensor that is missing or of another form
 */
export function unpackGguf(
  files: Files,
  { gguf, folder, dtype }: UnpackInit,
  onProgress: (fraction: number) => void = () => {},
): number {
  const architecture = architectureOfFile(gguf);
  const shape = architecture.parseConfig(architecture.gguf.config(ggufFacts(gguf.header, gguf.architecture)));
  const pieces = pairTensors(gguf, architecture, shape);
  const layout = layoutSafetensors(
    pieces.map(({ spec }) => ({ name: spec.name, dimensions: spec.dimensions, dtype })),
    { format: 'pt' },
  );
  files.makeFolder(folder);
  files.remove(join(folder, 'config.json'));
  const file = files.createFile(join(folder, SINGLE_FILE));
  try {
    file.write(layout.header);
    for (const piece of pieces) {
      writePiece(files, gguf.file, file, piece, shape, dtype);
      onProgress(file.position / layout.fileBytes);
    }
    file.commit();
  } catch (error) {
    file.discard();
    throw error;
  }
  const torch_dtype = { F32: 'float32', F16: 'float16', BF16: 'bfloat16' }[dtype];
  const config = { ...architecture.writeConfig(shape), torch_dtype };
  files.writeText(join(folder, 'config.json'), `${JSON.stringify(config, undefined, 2)}\n`);
  return layout.fileBytes;
}

function architectureOfFile({ file, architecture: name }: GgufModel): Architecture {
  const found = ARCHITECTURES.find(({ gguf }) => gguf.name === name);
  if (found !== undefined) return found;
  throw new HayasaError({
    code: 'gguf/architecture',
    message: {
      en: `${file}: Hayasa does not describe the architecture ${name}`,
      ja: `${file}: Hayasa はアーキテクチャ ${name} に対応していません`,
    },
    hint: {
      en: `can be unpacked: ${[...new Set(ARCHITECTURES.map(({ gguf }) => gguf.name))].join(', ')}; llama-cpp runs the file as it is`,
      ja: `展開できるもの: ${[...new Set(ARCHITECTURES.map(({ gguf }) => gguf.name))].join(', ')}。llama-cpp ならこのファイルをそのまま動かせます`,
    },
  });
}

/** Every tensor of the checkpoint with its place in the file. @throws ProblemsError */
function pairTensors(gguf: GgufModel, architecture: Architecture, shape: ModelShape): Piece[] {
  const description = architecture.describe(shape);
  const targets = new Map(
    ggufTensors(description, 'f32').flatMap((target) =>
      target.source.kind === 'checkpoint' ? [[target.source.name, target] as const] : [],
    ),
  );
  const stored = new Map(gguf.header.tensors.map((tensor) => [tensor.name, tensor]));
  const problems = problemList(gguf.file);
  const pieces = tensorSpecs(description).flatMap((spec): Piece[] => {
    const target = targets.get(spec.name);
    const found = target === undefined ? undefined : stored.get(target.name);
    if (target === undefined || found === undefined) {
      problems.add({ path: target?.name ?? spec.name, message: { en: 'is missing', ja: 'ありません' } });
      return [];
    }
    const wanted = [...spec.dimensions].reverse().join(' x ');
    if (found.dimensions.join(' x ') !== wanted) {
      problems.add({
        path: found.name,
        message: { en: 'has other dimensions than the metadata says', ja: '次元がメタデータと違います' },
        value: found.dimensions.join(' x '),
        allowed: same(wanted),
      });
    }
    if (!READABLE_FORMATS.includes(found.type)) {
      problems.add({
        path: found.name,
        message: { en: 'cannot be dequantised', ja: '逆量子化できません' },
        value: found.type,
        allowed: same(READABLE_FORMATS.join(', ')),
      });
    }
    return [{ spec, target, stored: found }];
  });
  problems.throwIfAny();
  return pieces;
}

function writePiece(
  files: Files,
  path: string,
  file: NewFile,
  { target, stored }: Piece,
  shape: ModelShape,
  dtype: TensorDtype,
): void {
  const rows = target.isVector ? target.columns : target.rows;
  const rowValues = target.isVector ? 1 : target.columns;
  const plus = target.source.kind === 'checkpoint' ? target.source.plus : 0;
  const values = rows * rowValues;
  const rowsAtOnce = target.order === 'as-is' ? Math.max(1, Math.floor(PIECE_VALUES / rowValues)) : rows;
  // A vector is one row of blocks.
  const step = target.isVector ? values : rowsAtOnce * rowValues;
  const bytesPerValue = stored.byteLength / values;
  for (let at = 0; at < values; at += step) {
    const count = Math.min(step, values - at);
    const bytes = files.readRange(path, stored.offset + at * bytesPerValue, count * bytesPerValue);
    const read = dequantise(stored.type, bytes);
    const plain = plus === 0 ? read : read.map((value) => value - plus);
    const ordered = target.order === 'as-is' ? plain : inOwnOrder(plain, target, rowValues, shape);
    file.write(encodeFloats(ordered, dtype));
  }
}

/** Puts row `r` of the file where the checkpoint has it. */
function inOwnOrder(
  values: Float32Array,
  { order }: GgufTensor,
  rowValues: number,
  shape: ModelShape,
): Float32Array {
  const ordered = new Float32Array(values.length);
  for (let row = 0; row * rowValues < values.length; row += 1) {
    const from = values.subarray(row * rowValues, (row + 1) * rowValues);
    ordered.set(from, sourceRow(order, row, shape) * rowValues);
  }
  return ordered;
}

/** The tensors that a checkpoint's files hold, and those of them that the model's description asks for. */
import type { Files } from '../../host/host.ts';
import { inEvery, same, type Words } from '../../kernel/language.ts';
import { type ModelDescription, tensorSpecs } from '../description.ts';
import { type CheckpointTensor, TENSOR_DTYPES, type TensorDtype } from './checkpoint.ts';
import type { ProblemList } from './problem-list.ts';
import { parseSafetensorsHeader, safetensorsHeaderBytes } from './safetensors-header.ts';
import type { SafetensorsTensor } from './safetensors-tensor.ts';
import type { WeightFiles } from './weight-files.ts';

/** A tensor with the file that holds it. */
export interface StoredTensor extends SafetensorsTensor {
  readonly file: string;
}

/** Every tensor of every file, and the index checked against what the files really hold. */
export function readStored(
  files: Files,
  folder: string,
  { names, index }: WeightFiles,
  problems: ProblemList,
  warnings: Words[],
): ReadonlyMap<string, StoredTensor> {
  const stored = new Map<string, StoredTensor>();
  const holders = new Map<string, string>();
  for (const name of names) {
    const file = files.realPath(`${folder}/${name}`);
    const fileBytes = files.size(file) ?? 0;
    const start = files.readRange(file, 0, Math.min(8, fileBytes));
    const headerBytes = safetensorsHeaderBytes(start, fileBytes, file);
    const header = parseSafetensorsHeader(files.readRange(file, 0, headerBytes), fileBytes, file);
    warnings.push(
      ...header.warnings.slice(0, 5).map((warning) => inEvery((say) => `${name}: ${say(warning)}`)),
    );
    for (const tensor of header.tensors) {
      const other = holders.get(tensor.name);
      if (other !== undefined)
        problems.add({
          path: tensor.name,
          message: { en: `is in ${other} and in ${name}`, ja: `${other} と ${name} の両方にあります` },
        });
      holders.set(tensor.name, name);
      stored.set(tensor.name, { ...tensor, file });
    }
  }
  for (const [tensor, named] of index ?? []) {
    const holder = holders.get(tensor);
    if (holder === undefined)
      problems.add({
        path: tensor,
        message: {
          en: `the index says ${named}, which lacks it`,
          ja: `インデックスでは ${named} にあるはずですが、ありません`,
        },
      });
    else if (holder !== named)
      problems.add({
        path: tensor,
        message: {
          en: `the index says ${named}, but it is in ${holder}`,
          ja: `インデックスでは ${named} ですが、実際は ${holder} にあります`,
        },
      });
  }
  return stored;
}

/** The tensors that the description asks for, each checked for dimensions and dtype. */
export function pickTensors(
  description: ModelDescription,
  stored: ReadonlyMap<string, StoredTensor>,
  problems: ProblemList,
): ReadonlyMap<string, CheckpointTensor> {
  const tensors = new Map<string, CheckpointTensor>();
  for (const spec of tensorSpecs(description)) {
    const found = stored.get(spec.name);
    const wanted = spec.dimensions.join(' x ');
    if (found === undefined) {
      problems.add({
        path: spec.name,
        message: { en: `is missing (${wanted})`, ja: `ありません（${wanted}）` },
      });
      continue;
    }
    const { file, dimensions, dtype, offset, byteLength } = found;
    if (dimensions.join() !== spec.dimensions.join()) {
      problems.add({
        path: spec.name,
        message: { en: 'has other dimensions than config.json says', ja: '次元が config.json と違います' },
        value: dimensions.join(' x '),
        allowed: same(wanted),
      });
    }
    if (isTensorDtype(dtype)) tensors.set(spec.name, { file, dtype, dimensions, offset, byteLength });
    else {
      problems.add({
        path: spec.name,
        message: {
          en: 'weights of this dtype are not supported',
          ja: 'この dtype の重みには対応していません',
        },
        value: dtype,
        allowed: same(TENSOR_DTYPES.join(', ')),
      });
    }
  }
  return tensors;
}

const isTensorDtype = (dtype: string): dtype is TensorDtype => TENSOR_DTYPES.some((known) => known === dtype);

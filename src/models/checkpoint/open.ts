/**
 * Opens a checkpoint folder: config.json, the headers of its safetensors files, and a check of every tensor against
 * the model's description. Reads headers and a few kilobytes, never the weights.
 */

import { basename, dirname } from 'node:path';
import type { Files } from '../../host/host.ts';
import { contentHash } from '../../kernel/canonical.ts';
import { HayasaError, ProblemsError } from '../../kernel/errors.ts';
import { inEvery, type Words } from '../../kernel/language.ts';
import { architectureOf } from '../architectures/registry.ts';
import { type ModelDescription, projectionLinears } from '../description.ts';
import {
  type Checkpoint,
  type CheckpointTensor,
  dtypeBytes,
  modelHashOf,
  TENSOR_DTYPES,
  type TensorDtype,
} from './checkpoint.ts';
import { readEndOfText } from './generation-config.ts';
import { readJsonFile } from './json-file.ts';
import { readOrigin } from './marker.ts';
import { problemList } from './problem-list.ts';
import { pickTensors, readStored } from './stored-tensors.ts';
import { findWeightFiles, isPickle, pickled } from './weight-files.ts';

const FINGERPRINT_BYTES = 4096;

/**
 * The checkpoint in `path`, a folder.
 * @throws HayasaError `file/missing`, `file/cycle`, `checkpoint/no-config`, `checkpoint/no-weights`, `checkpoint/pickle`,
 *   `checkpoint/truncated`, `checkpoint/bad-header`, `checkpoint/bad-json`, `model/unknown-architecture`
 * @throws ProblemsError with every missing, wrong or misplaced tensor
 */
export function openCheckpoint(files: Files, path: string): Checkpoint {
  const folder = files.realPath(path);
  const config = readConfig(files, folder);
  const { architecture, ofConfig } = withPath(folder, () => {
    const found = architectureOf(config);
    return { architecture: found, ofConfig: found.parseConfig(config) };
  });
  const { eosTokenId: _eos, otherEosTokenIds: _others, ...rest } = ofConfig;
  const shape = { ...rest, ...readEndOfText(files, folder, ofConfig) };
  const description = architecture.describe(shape);

  const weightFiles = findWeightFiles(files, folder);
  const problems = problemList(folder);
  const warnings: Words[] = namesCode(config)
    ? [
        {
          en: `config.json names code of its own (auto_map), which is never run: computed as ${architecture.modelType}`,
          ja: `config.json が独自のコード（auto_map）を指定していますが、実行しません: ${architecture.modelType} として計算します`,
        },
      ]
    : [];
  const stored = readStored(files, folder, weightFiles, problems, warnings);
  const tensors = pickTensors(description, stored, problems);
  problems.throwIfAny();
  const unused = [...stored.keys()].filter((name) => !tensors.has(name) && !architecture.isBuffer(name));
  if (unused.length > 0)
    warnings.push({
      en: `${unused.length} tensors are not used: ${unused.slice(0, 3).join(', ')}`,
      ja: `使わないテンソルが ${unused.length} 個あります: ${unused.slice(0, 3).join(', ')}`,
    });

  const origin = readOrigin(files, folder);
  const fingerprint = origin.kind === 'synthetic' ? undefined : fingerprintOf(files, description, tensors);
  return {
    folder,
    shape,
    description,
    tensors,
    dtype: majorityDtype(tensors),
    totalBytes: sumBytes(tensors.values()),
    modelHash: modelHashOf({ shape, tensors, origin, fingerprint }),
    origin,
    warnings,
  };
}

const namesCode = (config: unknown): boolean =>
  typeof config === 'object' && config !== null && 'auto_map' in config;

/** A config knows its name and not its folder; of several models of a study that would leave open which one is wrong. */
function withPath<T>(folder: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof ProblemsError) throw new ProblemsError(`${folder}/config.json`, error.problemWords);
    if (!(error instanceof HayasaError) || !error.message.startsWith('config.json')) throw error;
    const { code, words, hintWords, exitCode } = error;
    throw new HayasaError({
      code,
      message: inEvery((say) => `${folder}/${say(words)}`),
      ...(hintWords === undefined ? {} : { hint: hintWords }),
      exitCode,
      cause: error,
    });
  }
}

function readConfig(files: Files, folder: string): unknown {
  const path = `${folder}/config.json`;
  if (isPickle(folder) && files.kind(folder) === 'file') throw pickled(dirname(folder), [basename(folder)]);
  if (files.kind(folder) !== 'folder' || !files.list(folder).includes('config.json')) {
    throw new HayasaError({
      code: 'checkpoint/no-config',
      message: {
        en: `${folder}: ${files.kind(folder) === 'folder' ? 'has no config.json' : 'is no folder'}`,
        ja: `${folder}: ${files.kind(folder) === 'folder' ? 'config.json がありません' : 'フォルダーではありません'}`,
      },
      hint: {
        en: 'a checkpoint is a folder with config.json and safetensors files, or one GGUF file',
        ja: 'チェックポイントは、config.json と safetensors ファイルのあるフォルダーか、1 つの GGUF ファイルです',
      },
    });
  }
  return readJsonFile(files, files.realPath(path));
}

/** Tells fine-tunings of one model apart: norms move in training, and the first rows of head and first projection. */
function fingerprintOf(
  files: Files,
  description: ModelDescription,
  tensors: ReadonlyMap<string, CheckpointTensor>,
): string {
  const first = description.blocks[0];
  const firstLinear = first === undefined ? undefined : projectionLinears(first.attention)[0]?.weight;
  const names = [description.finalNorm.weight, description.head.weight, firstLinear];
  return contentHash(
    names.map((name) => {
      const tensor = name === undefined ? undefined : tensors.get(name);
      if (tensor === undefined) return undefined;
      const bytes = files.readRange(
        tensor.file,
        tensor.offset,
        Math.min(FINGERPRINT_BYTES, tensor.byteLength),
      );
      return Buffer.from(bytes).toString('base64');
    }),
  );
}

function majorityDtype(tensors: ReadonlyMap<string, CheckpointTensor>): TensorDtype {
  const bytesOf = (dtype: TensorDtype): number =>
    sumBytes([...tensors.values()].filter((tensor) => tensor.dtype === dtype)) / dtypeBytes(dtype);
  return TENSOR_DTYPES.reduce((most, dtype) => (bytesOf(dtype) > bytesOf(most) ? dtype : most));
}

const sumBytes = (tensors: Iterable<CheckpointTensor>): number =>
  [...tensors].reduce((sum, { byteLength }) => sum + byteLength, 0);

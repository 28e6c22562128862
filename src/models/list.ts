/** What `hayasa models` shows: presets with their sizes, and the models found on this machine. */

import { join } from 'node:path';
import type { Files } from '../host/host.ts';
import { HayasaError, type Problem, ProblemsError } from '../kernel/errors.ts';
import type { Words } from '../kernel/language.ts';
import { describeShape } from './architectures/registry.ts';
import { type Origin, weightFormatOf } from './checkpoint/checkpoint.ts';
import { type OpenedModel, openModel } from './checkpoint/open-model.ts';
import { kvCacheBytesPerToken, parameterCount, weightBytes } from './counts.ts';
import { type PrecisionName, precisionKind } from './precision.ts';
import { PRESETS, type Preset } from './presets.ts';

export interface PresetRow {
  readonly preset: Preset;
  readonly parameters: number;
  /** Bytes of the weights. */
  readonly weightBytes: Readonly<Record<'fp32' | 'fp16' | 'w8' | 'w4', number>>;
  readonly kvCacheBytesPerToken: Readonly<Record<'float32' | 'float16', number>>;
}

/** Every preset with its exact counts. */
export function listPresets(): PresetRow[] {
  return PRESETS.map((preset) => {
    const description = describeShape(preset.shape);
    const bytes = (name: PrecisionName): number => weightBytes(description, precisionKind(name).precision);
    return {
      preset,
      parameters: parameterCount(description),
      weightBytes: { fp32: bytes('fp32'), fp16: bytes('fp16'), w8: bytes('w8'), w4: bytes('w4') },
      kvCacheBytesPerToken: {
        float32: kvCacheBytesPerToken(preset.shape, 'float32'),
        float16: kvCacheBytesPerToken(preset.shape, 'float16'),
      },
    };
  });
}

/** A model on this machine, or what is wrong with it: one damaged folder must not hide the others. */
export type LocalModel =
  | {
      readonly kind: 'usable';
      readonly path: string;
      readonly format: 'safetensors' | 'gguf';
      readonly architecture: string;
      readonly origin: Origin;
      /** `float16`, or ggml's name of the largest part: `Q4_K`. */
      readonly dtype: string;
      readonly totalBytes: number;
      /** Elements of all tensors. */
      readonly parameters: number;
      readonly modelHash: string;
    }
  | {
      readonly kind: 'unusable';
      readonly path: string;
      readonly reason: Words;
      readonly problems: readonly Problem[];
    };

/**
 * The models in `folder`: the folder itself where it is one, else its checkpoint folders and GGUF files (one level).
 * Empty where the folder does not exist. @throws HayasaError `file/not-readable`
 */
export function listLocalModels(files: Files, folder: string): LocalModel[] {
  if (files.kind(folder) !== 'folder') return folder.endsWith('.gguf') ? [inspect(files, folder)] : [];
  if (files.list(folder).includes('config.json')) return [inspect(files, folder)];
  return files
    .list(folder)
    .map((name) => join(folder, name))
    .filter((path) => looksLikeModel(files, path))
    .map((path) => inspect(files, path));
}

/** A folder without config.json is an unfinished synthetic checkpoint or something else. */
function looksLikeModel(files: Files, path: string): boolean {
  return files.kind(path) === 'folder'
    ? files.kind(join(path, 'config.json')) === 'file'
    : path.endsWith('.gguf');
}

function inspect(files: Files, path: string): LocalModel {
  try {
    return usable(path, openModel(files, path));
  } catch (error) {
    if (!(error instanceof HayasaError)) throw error;
    const problems = error instanceof ProblemsError ? error.problemWords : [];
    return { kind: 'unusable', path, reason: error.words, problems };
  }
}

function usable(path: string, opened: OpenedModel): LocalModel {
  switch (opened.kind) {
    case 'checkpoint': {
      const { checkpoint } = opened;
      const { description, origin, totalBytes, modelHash } = checkpoint;
      return {
        kind: 'usable',
        path,
        format: 'safetensors',
        architecture: checkpoint.shape.architecture,
        origin,
        dtype: weightFormatOf(checkpoint.dtype),
        totalBytes,
        parameters: parameterCount(description),
        modelHash,
      };
    }
    case 'gguf': {
      const { architecture, name, formats, totalBytes, modelHash, parameters } = opened.gguf;
      return {
        kind: 'usable',
        path,
        format: 'gguf',
        architecture,
        origin: { kind: 'published', name: name ?? 'unnamed' },
        dtype: formats[0]?.type ?? 'empty',
        totalBytes,
        parameters,
        modelHash,
      };
    }
  }
}

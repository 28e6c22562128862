/** Synthetic checkpoints of presets in the cache: made once, found again by what they are made of. */
import { join } from 'node:path';
import type { Host } from '../../host/host.ts';
import { HayasaError } from '../../kernel/errors.ts';
import type { TensorDtype } from '../checkpoint/checkpoint.ts';
import { openCheckpoint } from '../checkpoint/open.ts';
import type { Preset } from '../presets.ts';
import { presetOf } from '../presets.ts';
import {
  finish,
  type OnProgress,
  type SyntheticProgress,
  syntheticCheckpointSteps,
  syntheticModelHash,
} from './synthetic-checkpoint.ts';

/** Where synthetic checkpoints lie inside the cache folder. */
export const SYNTHETIC_FOLDER = 'models';

/** The folder of a preset's synthetic checkpoint, whether or not it has been made. */
export function syntheticFolder(
  cacheFolder: string,
  preset: Preset,
  seed: number,
  dtype: TensorDtype,
): string {
  const hash = syntheticModelHash({ shape: preset.shape, preset: preset.id, seed, dtype });
  return join(
    cacheFolder,
    SYNTHETIC_FOLDER,
    `${preset.id}-${dtype.toLowerCase()}-seed${seed}-${hash.slice(0, 8)}`,
  );
}

/**
 * The folder of a complete synthetic checkpoint of `preset` (a preset or its name); made now where it is not there yet
 * or damaged.
 * @throws HayasaError `model/unknown-preset`, `file/disk-full`, `file/no-permission`
 */
export function ensureSyntheticCheckpoint(
  host: Pick<Host, 'files' | 'system'>,
  preset: Preset | string,
  seed: number,
  dtype: TensorDtype,
  onProgress?: OnProgress,
): string {
  return finish(ensureSyntheticSteps(host, preset, seed, dtype), onProgress);
}

/** As `ensureSyntheticCheckpoint`, a slice at a time; no step at all where the checkpoint is there. */
export function* ensureSyntheticSteps(
  host: Pick<Host, 'files' | 'system'>,
  preset: Preset | string,
  seed: number,
  dtype: TensorDtype,
): Generator<SyntheticProgress, string> {
  const resolved = typeof preset === 'string' ? presetOf(preset) : preset;
  const { id, shape } = resolved;
  const folder = syntheticFolder(host.system.cacheFolder, resolved, seed, dtype);
  if (!isComplete(host, folder, syntheticModelHash({ shape, preset: id, seed, dtype }))) {
    yield* syntheticCheckpointSteps(host.files, { shape, preset: id, seed, dtype, folder });
  }
  return folder;
}

/** Whether `folder` opens and is what it should be. */
function isComplete({ files }: Pick<Host, 'files'>, folder: string, modelHash: string): boolean {
  if (files.kind(folder) === undefined) return false;
  try {
    return openCheckpoint(files, folder).modelHash === modelHash;
  } catch (error) {
    if (error instanceof HayasaError) return false;
    throw error;
  }
}

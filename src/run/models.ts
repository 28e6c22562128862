/** The study's models as found on this machine: shape, identity, where they lie, and what must still be written. */
import { basename, resolve } from 'node:path';
import type { Host } from '../host/host.ts';
import { cachedSnapshot } from '../hub/cache.ts';
import { hubSettings } from '../hub/settings.ts';
import { HayasaError } from '../kernel/errors.ts';
import { architectureById } from '../models/architectures/registry.ts';
import type { Origin } from '../models/checkpoint/checkpoint.ts';
import { openGguf } from '../models/checkpoint/gguf-model.ts';
import { openCheckpoint } from '../models/checkpoint/open.ts';
import { parameterCount } from '../models/counts.ts';
import { parseHubId } from '../models/hub-id.ts';
import { presetOf, withLayers } from '../models/presets.ts';
import { ensureSyntheticCheckpoint, syntheticFolder } from '../models/synthetic/ensure.ts';
import { syntheticModelHash, syntheticOrigin } from '../models/synthetic/synthetic-checkpoint.ts';
import type { PlanCheckpoint, PlanFile } from '../plan/plan.ts';
import type { StudyModel } from '../study/study.ts';

export type RunModel = (PlanCheckpoint | PlanFile) & {
  /** Folder or GGUF file, absolute. */
  readonly path: string;
  readonly origin: Origin;
};

/**
 * Looks a model up without writing anything: a synthetic checkpoint that isn't there yet is described by its preset.
 * @throws HayasaError, ProblemsError where a checkpoint is missing or wrong
 */
export function findModel(host: Host, model: StudyModel): RunModel {
  switch (model.kind) {
    case 'preset':
      return findPresetModel(host, model);
    case 'path':
      return findPathModel(host, model);
    case 'hub':
      return findPathModel(host, { ...model, kind: 'path', path: cachedPath(host, model.hub) });
  }
}

/** The snapshot in the cache: looking asks nothing of the network. @throws HayasaError `hub/not-here` */
function cachedPath({ files, system }: Host, hub: string): string {
  const id = parseHubId(hub);
  const { cacheFolder } = hubSettings(system);
  const cached = id === undefined ? undefined : cachedSnapshot(files, cacheFolder, id, 'model');
  if (cached !== undefined) return cached.folder;
  throw new HayasaError({
    code: 'hub/not-here',
    message: `${hub} is not in ${cacheFolder}`,
    hint: `fetch it: hayasa models download ${hub}`,
  });
}

/** Writes the synthetic checkpoint where it is missing. `onProgress` gets the share that is done. */
export function makeModel(host: Host, model: StudyModel, onProgress: (fraction: number) => void): void {
  if (model.kind !== 'preset') return;
  const preset = withLayers(presetOf(model.preset), model.layers);
  ensureSyntheticCheckpoint(host, preset, model.seed, model.dtype, (written, total) => {
    onProgress(written / total);
  });
}

function findPresetModel(host: Host, model: Extract<StudyModel, { kind: 'preset' }>): RunModel {
  const preset = withLayers(presetOf(model.preset), model.layers);
  const { shape } = preset;
  const description = architectureById(shape.architecture).describe(shape);
  const path = syntheticFolder(host.system.cacheFolder, preset, model.seed, model.dtype);
  const identity = { shape, preset: preset.id, seed: model.seed, dtype: model.dtype };
  return {
    kind: 'checkpoint',
    name: model.name,
    modelHash: syntheticModelHash(identity),
    shape,
    description,
    checkpointBytes: parameterCount(description) * (model.dtype === 'F32' ? 4 : 2),
    toBeWritten: host.files.kind(path) === undefined,
    path,
    origin: syntheticOrigin({ preset: preset.id, seed: model.seed }),
  };
}

function findPathModel(host: Host, model: Extract<StudyModel, { kind: 'path' }>): RunModel {
  const path = resolve(host.system.currentFolder, model.path);
  if (!path.endsWith('.gguf')) {
    const checkpoint = openCheckpoint(host.files, path);
    return {
      kind: 'checkpoint',
      name: model.name,
      modelHash: checkpoint.modelHash,
      shape: checkpoint.shape,
      description: checkpoint.description,
      checkpointBytes: checkpoint.totalBytes,
      toBeWritten: false,
      path: checkpoint.folder,
      origin: checkpoint.origin,
    };
  }
  const { file: location, name, modelHash, header: _header, ...file } = openGguf(host.files, path);
  return {
    kind: 'file',
    name: model.name,
    modelHash,
    file,
    checkpointBytes: file.totalBytes,
    toBeWritten: false,
    path: location,
    origin: { kind: 'published', name: name ?? basename(path) },
  };
}

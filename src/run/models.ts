/** The study's models as found on this machine: shape, identity, where they lie, and what must still be written. */
import { basename, resolve } from 'node:path';
import type { Host } from '../host/host.ts';
import { cachedSnapshot } from '../hub/cache.ts';
import { hubCacheFolder } from '../hub/settings.ts';
import { HayasaError, type Problem, ProblemsError } from '../kernel/errors.ts';
import { architectureById } from '../models/architectures/registry.ts';
import type { Origin } from '../models/checkpoint/checkpoint.ts';
import { openGguf } from '../models/checkpoint/gguf-model.ts';
import { openCheckpoint } from '../models/checkpoint/open.ts';
import { parameterCount } from '../models/counts.ts';
import { parseHubId } from '../models/hub-id.ts';
import { presetOf, withLayers } from '../models/presets.ts';
import { ensureSyntheticSteps, syntheticFolder } from '../models/synthetic/ensure.ts';
import { syntheticModelHash, syntheticOrigin } from '../models/synthetic/synthetic-checkpoint.ts';
import type { PlanCheckpoint, PlanFile } from '../plan/plan.ts';
import type { ModelCheck } from '../study/parse.ts';
import type { StudyModel } from '../study/study.ts';

export type RunModel = (PlanCheckpoint | PlanFile) & {
  /** Folder or GGUF file, absolute. */
  readonly path: string;
  readonly origin: Origin;
};

/**
 * Every model of a study, see `findModel`.
 * @param studyName the study's name, for messages
 * @throws HayasaError, ProblemsError what is wrong with the one model that is missing or wrong, or with all of them
 */
export function findModels(host: Host, models: readonly StudyModel[], studyName: string): RunModel[] {
  const found: RunModel[] = [];
  const wrong: { readonly index: number; readonly error: HayasaError }[] = [];
  for (const [index, model] of models.entries()) {
    try {
      found.push(findModel(host, model));
    } catch (error) {
      if (!(error instanceof HayasaError)) throw error;
      wrong.push({ index, error });
    }
  }
  const [first, ...others] = wrong;
  if (first === undefined) return found;
  if (others.length === 0) throw first.error;
  throw new ProblemsError(studyName, wrong.flatMap(problemsOfModel));
}

function problemsOfModel({
  index,
  error,
}: {
  readonly index: number;
  readonly error: HayasaError;
}): Problem[] {
  const path = `models[${index}]`;
  if (!(error instanceof ProblemsError)) return [{ path, message: error.words }];
  return error.problemWords.map((problem) => ({ ...problem, path: `${path}: ${problem.path}` }));
}

/** What is wrong with a model on this machine; one of the hub may still be fetched. For `parseStudy`. */
export const localModelCheck =
  (host: Host): ModelCheck =>
  (model) => {
    if (model.kind === 'hub') return undefined;
    try {
      findModel(host, model);
      return undefined;
    } catch (error) {
      if (error instanceof HayasaError) return error.words;
      throw error;
    }
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
  const cacheFolder = hubCacheFolder(system);
  const cached = id === undefined ? undefined : cachedSnapshot(files, cacheFolder, id, 'model');
  if (cached !== undefined) return cached.folder;
  throw new HayasaError({
    code: 'hub/not-here',
    message: { en: `${hub} is not in ${cacheFolder}`, ja: `${hub} が ${cacheFolder} にありません` },
    hint: {
      en: `fetch it: hayasa models download ${hub}`,
      ja: `ダウンロードするには: hayasa models download ${hub}`,
    },
  });
}

/** Slices of 4 MiB between two looks at the outside world: a signal is seen within a fraction of a second. */
const SLICES_OF_A_TURN = 16;

/**
 * Writes the synthetic checkpoint where it is missing. `onProgress` gets the share that is done. Ends early, with nothing
 * half-written, once `signal` aborts.
 * @throws HayasaError `file/disk-full`, `file/no-permission`
 */
export async function makeModel(
  host: Host,
  model: StudyModel,
  onProgress: (fraction: number) => void,
  signal?: AbortSignal,
): Promise<void> {
  if (model.kind !== 'preset') return;
  const preset = withLayers(presetOf(model.preset), model.layers);
  let slices = 0;
  for (const { writtenBytes, totalBytes } of ensureSyntheticSteps(host, preset, model.seed, model.dtype)) {
    onProgress(writtenBytes / totalBytes);
    slices += 1;
    if (slices % SLICES_OF_A_TURN === 0) await host.clock.sleep(1, signal);
    if (signal?.aborted === true) return;
  }
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
      ...(checkpoint.warnings.length === 0 ? {} : { warnings: checkpoint.warnings }),
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

/**
 * Checkpoints of an exact shape with seeded random weights: speed with forced length does not depend on the weights'
 * values, so they stand in where the published weights are not on disk. Streamed: memory does not grow with the model.
 */
import { join } from 'node:path';
import type { Files } from '../../host/host.ts';
import { HayasaError } from '../../kernel/errors.ts';
import { architectureById } from '../architectures/registry.ts';
import { modelHashOf, type Origin, type TensorDtype } from '../checkpoint/checkpoint.ts';
import { MARKER_FILE, markerText } from '../checkpoint/marker.ts';
import { layoutSafetensors, type SafetensorsLayout } from '../checkpoint/safetensors-layout.ts';
import { INDEX_FILE, SINGLE_FILE } from '../checkpoint/weight-files.ts';
import { type TensorSpec, tensorSpecs } from '../description.ts';
import type { ModelShape } from '../shape.ts';
import { GENERATOR_VERSION, type WeightSource, weightSource } from './weight-source.ts';

export interface SyntheticModel {
  readonly shape: ModelShape;
  /** Name of the shape, for the record. */
  readonly preset: string;
  readonly seed: number;
  readonly dtype: TensorDtype;
}

export interface SyntheticCheckpointInit extends SyntheticModel {
  readonly folder: string;
  /** Files that the weights are spread over. Default: one. */
  readonly shards?: number;
}

/** Called after each slice of at most 4 MiB. */
export type OnProgress = (writtenBytes: number, totalBytes: number) => void;

/** What stands after a slice of at most 4 MiB. */
export interface SyntheticProgress {
  readonly writtenBytes: number;
  readonly totalBytes: number;
}

interface WeightFile {
  readonly name: string;
  readonly specs: readonly TensorSpec[];
  readonly layout: SafetensorsLayout;
}

/**
 * Writes config.json, safetensors and the marker `hayasa.json` into `folder`. config.json comes last: an interrupted
 * folder does not open as a checkpoint, and the next call starts it again.
 * @returns bytes of the safetensors files
 * @throws HayasaError `file/disk-full` (before anything is written, where the space is short), `file/no-permission`
 */
export function writeSyntheticCheckpoint(
  files: Files,
  init: SyntheticCheckpointInit,
  onProgress: OnProgress = () => {},
): number {
  return finish(syntheticCheckpointSteps(files, init), onProgress);
}

/** Runs `steps` to their end without a break. */
export function finish<T>(steps: Generator<SyntheticProgress, T>, onProgress: OnProgress = () => {}): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    onProgress(step.value.writtenBytes, step.value.totalBytes);
  }
}

/**
 * As `writeSyntheticCheckpoint`, a slice at a time: whoever drives it may turn to other things in between, and end it
 * early by `return`, which removes the file that is being written.
 */
export function* syntheticCheckpointSteps(
  files: Files,
  init: SyntheticCheckpointInit,
): Generator<SyntheticProgress, number> {
  const { folder, shape, preset, seed, dtype } = init;
  const architecture = architectureById(shape.architecture);
  const description = architecture.describe(shape);
  const weightFiles = planFiles(tensorSpecs(description), dtype, init.shards ?? 1);
  const totalBytes = weightFiles.reduce((sum, { layout }) => sum + layout.fileBytes, 0);
  checkSpace(files, folder, totalBytes);

  files.makeFolder(folder);
  files.remove(join(folder, 'config.json'));
  files.writeText(
    join(folder, MARKER_FILE),
    markerText({ preset, seed, dtype, generator: GENERATOR_VERSION }),
  );
  const source = weightSource(seed, dtype, description);
  let writtenBytes = 0;
  for (const file of weightFiles) {
    for (const bytes of writeWeights(files, join(folder, file.name), file, source)) {
      writtenBytes += bytes;
      yield { writtenBytes, totalBytes };
    }
  }
  if (weightFiles.length > 1) files.writeText(join(folder, INDEX_FILE), indexText(weightFiles));
  files.writeText(join(folder, 'config.json'), configText(architecture.writeConfig(shape), dtype));
  return totalBytes;
}

/** The model hash that the checkpoint will have, without making it. */
export function syntheticModelHash({ shape, preset, seed, dtype }: SyntheticModel): string {
  const specs = tensorSpecs(architectureById(shape.architecture).describe(shape));
  return modelHashOf({
    shape,
    tensors: specs.map(({ name, dimensions }) => [name, { dtype, dimensions }] as const),
    origin: syntheticOrigin({ preset, seed }),
    fingerprint: undefined,
  });
}

/** The origin that a checkpoint of this generator states. */
export function syntheticOrigin({ preset, seed }: Pick<SyntheticModel, 'preset' | 'seed'>): Origin {
  return { kind: 'synthetic', preset, seed, generator: GENERATOR_VERSION };
}

/** Yields the bytes of each slice once it is written. */
function* writeWeights(
  files: Files,
  path: string,
  { specs, layout }: WeightFile,
  source: WeightSource,
): Generator<number, void> {
  const file = files.createFile(path);
  let complete = false;
  try {
    file.write(layout.header);
    yield layout.header.byteLength;
    for (const spec of specs) {
      for (const chunk of source.chunks(spec)) {
        file.write(chunk);
        yield chunk.byteLength;
      }
    }
    complete = true;
  } finally {
    if (!complete) file.discard();
  }
  file.commit();
}

/** Consecutive tensors, about equally many bytes per file; never more files than tensors. */
function planFiles(specs: readonly TensorSpec[], dtype: TensorDtype, shards: number): WeightFile[] {
  const sizes = specs.map(({ dimensions }) => dimensions.reduce((product, n) => product * n, 1));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const groups = new Map<number, TensorSpec[]>();
  let before = 0;
  specs.forEach((spec, i) => {
    const shard = Math.min(shards - 1, Math.floor((before / total) * shards));
    groups.set(shard, [...(groups.get(shard) ?? []), spec]);
    before += sizes[i] ?? 0;
  });
  const padded = (n: number): string => String(n).padStart(5, '0');
  return [...groups.values()].map((group, i) => ({
    name: groups.size === 1 ? SINGLE_FILE : `model-${padded(i + 1)}-of-${padded(groups.size)}.safetensors`,
    specs: group,
    layout: layoutSafetensors(
      group.map(({ name, dimensions }) => ({ name, dimensions, dtype })),
      { format: 'pt' },
    ),
  }));
}

function indexText(weightFiles: readonly WeightFile[]): string {
  const entries = weightFiles.flatMap(({ name, specs }) => specs.map((spec) => [spec.name, name] as const));
  const total_size = weightFiles.reduce(
    (sum, { layout }) => sum + layout.fileBytes - layout.header.byteLength,
    0,
  );
  return `${JSON.stringify({ metadata: { total_size }, weight_map: Object.fromEntries(entries) }, undefined, 2)}\n`;
}

function configText(config: Readonly<Record<string, unknown>>, dtype: TensorDtype): string {
  const torch_dtype = { F32: 'float32', F16: 'float16', BF16: 'bfloat16' }[dtype];
  return `${JSON.stringify({ ...config, torch_dtype }, undefined, 2)}\n`;
}

function checkSpace(files: Files, folder: string, neededBytes: number): void {
  const freeBytes = files.freeBytes(folder);
  if (freeBytes >= neededBytes) return;
  throw new HayasaError({
    code: 'file/disk-full',
    message: {
      en: `${folder}: the checkpoint needs ${neededBytes} bytes, ${freeBytes} are free`,
      ja: `${folder}: チェックポイントには ${neededBytes} バイト必要ですが、空きは ${freeBytes} バイトです`,
    },
    hint: {
      en: 'free some space, or choose another folder',
      ja: '空き容量を増やすか、別のフォルダーを選んでください',
    },
  });
}

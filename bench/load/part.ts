/**
 * Part `load`: what it takes to load a 1b checkpoint in float16 as fp32, beside the time of reading the file as fp32: every
 * value read and widened once into memory, slice by slice. Ways alternate, so that both read from the same page cache. And
 * what the load leaves on the disk: files under the cache that are no links into the checkpoint.
 */

import { engineDeclaration } from '../../src/engines/declarations.ts';
import { createExecutor } from '../../src/executors/registry.ts';
import type { Host } from '../../src/host/host.ts';
import { openCheckpoint } from '../../src/models/checkpoint/open.ts';
import { decodeFloats } from '../../src/models/numeric/tensor-values.ts';
import { ensureSyntheticCheckpoint } from '../../src/models/synthetic/ensure.ts';
import { failureWords } from '../../src/protocol/failure.ts';
import type { LoadRequest } from '../../src/protocol/frames.ts';
import { launchEnvironment } from '../../src/run/launch-request.ts';
import type { BenchOptions } from '../options.ts';

const PRESET = 'open-calm-1b';
const ENGINE = 'onnxruntime';
const ROUNDS = 5;
const SLICE_BYTES = 64 * 2 ** 20;
const DEADLINE_MS = 600_000;

export interface LoadResult {
  readonly preset: string;
  readonly engine: string;
  readonly checkpointBytes: number;
  /** Written to the cache by the first load; a hard link into the checkpoint is no copy. */
  readonly cacheBytesWritten: number;
  readonly rounds: readonly { readonly read_ms: number; readonly load_ms: number }[];
  /** Median of load / read over the rounds after the first, which fills the page cache. */
  readonly medianRatio: number;
}

export async function benchLoad(
  host: Host,
  { threads }: BenchOptions,
  say: (line: string) => void,
): Promise<LoadResult> {
  const folder = ensureSyntheticCheckpoint(host, PRESET, 0, 'F16');
  const rounds: { read_ms: number; load_ms: number }[] = [];
  let cacheBytesWritten = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const read_ms = timeOfReading(host, folder);
    const loaded = await timeOfLoading(host, folder, threads);
    cacheBytesWritten = Math.max(cacheBytesWritten, loaded.cacheBytesWritten);
    rounds.push({ read_ms, load_ms: loaded.load_ms });
    say(JSON.stringify(rounds.at(-1)));
  }
  const ratios = rounds.slice(1).map(({ read_ms, load_ms }) => load_ms / read_ms);
  ratios.sort((a, b) => a - b);
  const medianRatio =
    ((ratios[Math.floor((ratios.length - 1) / 2)] ?? 0) + (ratios[Math.ceil((ratios.length - 1) / 2)] ?? 0)) /
    2;
  const { totalBytes } = openCheckpoint(host.files, folder);
  return {
    preset: PRESET,
    engine: ENGINE,
    checkpointBytes: totalBytes,
    cacheBytesWritten,
    rounds,
    medianRatio,
  };
}

function timeOfReading({ clock, files }: Host, folder: string): number {
  const { tensors } = openCheckpoint(files, folder);
  const begin_ns = clock.monotonic_ns();
  for (const { file, offset, byteLength, dtype } of tensors.values()) {
    for (let at = 0; at < byteLength; at += SLICE_BYTES) {
      decodeFloats(files.readRange(file, offset + at, Math.min(SLICE_BYTES, byteLength - at)), dtype);
    }
  }
  return Number(clock.monotonic_ns() - begin_ns) / 1e6;
}

/** From the request of the load to its answer: the start of the process is apart. */
async function timeOfLoading(
  host: Host,
  modelPath: string,
  threads: number,
): Promise<{ readonly load_ms: number; readonly cacheBytesWritten: number }> {
  const declaration = engineDeclaration(ENGINE);
  if (declaration === undefined) throw new RangeError(`unknown engine ${ENGINE}`);
  const options = declaration.options.parse({}) as LoadRequest['options'];
  const started = await createExecutor('local', host).start({
    declaration,
    environment: launchEnvironment(declaration, { threads, options }),
    startDeadline_ms: DEADLINE_MS,
  });
  if (started.kind === 'failed') throw new Error(failureWords(started.failure).en);
  const handle = started.value;
  try {
    const begin_ns = host.clock.monotonic_ns();
    const loaded = await handle.load(
      {
        modelPath,
        precision: 'fp32',
        options,
        threads,
        device: 'cpu',
        cacheFolder: host.system.cacheFolder,
        limits: { slots: 1, positionsPerSlot: 128 },
      },
      DEADLINE_MS,
    );
    const load_ms = Number(host.clock.monotonic_ns() - begin_ns) / 1e6;
    if (loaded.kind === 'failed') throw new Error(failureWords(loaded.failure).en);
    return { load_ms, cacheBytesWritten: loaded.value.cacheBytesWritten };
  } finally {
    await handle.stop();
  }
}

/**
 * What it costs to write a synthetic checkpoint, beside a plain write of as many bytes through the same file functions.
 * `node dist/bench/checkpoint.js synthetic|plain PRESET`; one way in one process, since the peak of resident memory
 * counts from the start of the process. Both ways end with an fsync; the files are removed.
 */
import { join } from 'node:path';
import { realHost } from '../src/host/real-host.ts';
import { describeShape } from '../src/models/architectures/registry.ts';
import { parameterCount } from '../src/models/counts.ts';
import { presetOf } from '../src/models/presets.ts';
import { writeSyntheticCheckpoint } from '../src/models/synthetic/synthetic-checkpoint.ts';

const SLICE_BYTES = 4 * 2 ** 20;

const [way, preset = 'open-calm-1b'] = process.argv.slice(2);
const { clock, files, system } = realHost();
const folder = join(system.cacheFolder, 'bench', `checkpoint-${way}`);
const { shape } = presetOf(preset);

const start_ns = clock.monotonic_ns();
try {
  const bytes = way === 'synthetic' ? synthetic() : plain();
  const seconds = Number(clock.monotonic_ns() - start_ns) / 1e9;
  const peakResidentBytes = process.resourceUsage().maxRSS * 1024;
  const megabytesPerSecond = bytes / 1e6 / seconds;
  process.stdout.write(
    `${JSON.stringify({ way, preset, bytes, seconds, megabytesPerSecond, peakResidentBytes })}\n`,
  );
} finally {
  files.remove(folder);
}

function synthetic(): number {
  return writeSyntheticCheckpoint(files, { shape, preset, seed: 0, dtype: 'F32', folder });
}

/** Bytes that no file system can compress or leave out, the same slice over and over. */
function plain(): number {
  const total = parameterCount(describeShape(shape)) * 4;
  const slice = new Uint8Array(SLICE_BYTES);
  for (let at = 0; at < slice.byteLength; at += 65_536) {
    crypto.getRandomValues(slice.subarray(at, at + 65_536));
  }
  const file = files.createFile(join(folder, 'plain.bin'));
  while (file.position < total) file.write(slice.subarray(0, Math.min(SLICE_BYTES, total - file.position)));
  file.commit();
  return total;
}

/**
 * The harness's own CPU as a run of a short study of real engines records it: in timed regions (from the request of a
 * repeat to its answer), which is what the report's caveat speaks of, and in the windows around groups of repeats, the
 * work between them included. Shares are of one core, means weighted by time.
 */
import { join } from 'node:path';
import { hayasaVersion } from '../../src/cli/version.ts';
import { ENGINE_DECLARATIONS } from '../../src/engines/declarations.ts';
import type { Host } from '../../src/host/host.ts';
import { readJournal } from '../../src/journal/read.ts';
import type { Noise } from '../../src/journal/record-parts.ts';
import { runStudy } from '../../src/run/run-study.ts';

const STUDY = `name: harness
models: [open-calm-small]
engines: [{id: onnxruntime, precisions: [fp32, w4]}, {id: llama-cpp, precisions: [fp32]}]
axes: {batch: [1, 4], inputTokens: 64, outputTokens: 64}
repeats: {minimum: 1, window: 3s}
rounds: {minimum: 1, maximum: 1, confirm: 0}
`;

export interface HarnessCost {
  readonly timed: OwnShare;
  readonly windows: OwnShare;
}

interface OwnShare {
  readonly count: number;
  readonly window_s: number;
  readonly meanHarnessCpuShare: number;
  readonly largestHarnessCpuShare: number;
}

export async function benchHarness(host: Host): Promise<HarnessCost> {
  const out = join(host.system.cacheFolder, 'bench', 'harness');
  host.files.remove(out);
  const input = {
    studyText: STUDY,
    studyName: 'harness',
    declarations: ENGINE_DECLARATIONS,
    hayasaVersion: hayasaVersion(host.files),
    out,
    budget_ms: 240_000,
  };
  const { folder } = await runStudy(host, input, () => {}, new AbortController().signal);
  const { records } = readJournal(host.files, folder.journal);
  host.files.remove(out);
  const noiseOf = (kind: 'repeat' | 'cell-measured'): Noise[] =>
    records.flatMap((record) =>
      record.kind === kind && record.noise?.harnessCpuShare !== undefined ? [record.noise] : [],
    );
  return { timed: ownShare(noiseOf('repeat')), windows: ownShare(noiseOf('cell-measured')) };
}

function ownShare(noise: readonly Noise[]): OwnShare {
  const window_ns = noise.reduce((sum, each) => sum + each.window_ns, 0);
  const own_ns = noise.reduce((sum, each) => sum + (each.harnessCpuShare ?? 0) * each.window_ns, 0);
  return {
    count: noise.length,
    window_s: window_ns / 1e9,
    meanHarnessCpuShare: own_ns / window_ns,
    largestHarnessCpuShare: Math.max(...noise.map(({ harnessCpuShare }) => harnessCpuShare ?? 0)),
  };
}

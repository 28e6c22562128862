/**
 * The harness's own CPU during timed regions, as a run records it: noise of every measured cell of a short study of real
 * engines. The share is of one core, mean over cells weighted by their windows.
 */
import { join } from 'node:path';
import { hayasaVersion } from '../../src/cli/version.ts';
import { ENGINE_DECLARATIONS } from '../../src/engines/declarations.ts';
import type { Host } from '../../src/host/host.ts';
import { readJournal } from '../../src/journal/read.ts';
import { runStudy } from '../../src/run/run-study.ts';

const STUDY = `name: harness
models: [open-calm-small]
engines: [{id: onnxruntime, precisions: [fp32, w4]}, {id: llama-cpp, precisions: [fp32]}]
axes: {batch: [1, 4], inputTokens: 64, outputTokens: 64}
repeats: {minimum: 1, window: 3s}
rounds: {minimum: 1, maximum: 1, confirm: 0}
`;

export interface HarnessCost {
  readonly cells: number;
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
  const noise = readJournal(host.files, folder.journal).records.flatMap((record) =>
    record.kind === 'cell-measured' && record.noise.harnessCpuShare !== undefined
      ? [{ window_ns: record.noise.window_ns, share: record.noise.harnessCpuShare }]
      : [],
  );
  host.files.remove(out);
  const window_ns = noise.reduce((sum, each) => sum + each.window_ns, 0);
  return {
    cells: noise.length,
    window_s: window_ns / 1e9,
    meanHarnessCpuShare: noise.reduce((sum, each) => sum + each.share * each.window_ns, 0) / window_ns,
    largestHarnessCpuShare: Math.max(...noise.map(({ share }) => share)),
  };
}

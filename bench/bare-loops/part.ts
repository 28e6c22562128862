/** Part `bare-loops`: each engine against a bare loop over the same C API. Cheap and essential comparisons come first. */
import type { Host } from '../../src/host/host.ts';
import { ensureSyntheticCheckpoint } from '../../src/models/synthetic/ensure.ts';
import type { BaselineKind, Work } from '../baselines/job.ts';
import { type BenchOptions, DEFAULT_BUDGET_MS } from '../options.ts';
import { compare, type Row } from './compare.ts';
import { rowText } from './row-text.ts';

type Precision = Work['precision'];

const SERIES: readonly { readonly engine: 'onnxruntime' | 'llama-cpp'; readonly precision: Precision }[] = [
  { engine: 'onnxruntime', precision: 'fp32' },
  { engine: 'llama-cpp', precision: 'fp32' },
  { engine: 'onnxruntime', precision: 'w8a8' },
  { engine: 'onnxruntime', precision: 'w4' },
  { engine: 'llama-cpp', precision: 'w4' },
  { engine: 'llama-cpp', precision: 'w8' },
];

export interface Comparisons {
  readonly model: string;
  readonly rows: readonly Row[];
  /** Planned, but not begun when the time was over. */
  readonly leftOut: readonly string[];
}

export function benchBareLoops(
  host: Host,
  options: BenchOptions,
  say: (line: string) => void,
  whenRow: (soFar: Comparisons) => void,
): Promise<Comparisons> {
  const points = options.batches.flatMap((batch) =>
    SERIES.filter(
      ({ engine, precision }) => options.only.length === 0 || options.only.includes(`${engine}/${precision}`),
    ).map(({ engine, precision }) => ({ engine, precision, batch, baselines: [engine] })),
  );
  return compareAll(host, options, points, say, whenRow);
}

/** Part `node-run`: the onnxruntime engine against the library's own JavaScript API, at a long context. */
export function benchNodeRun(
  host: Host,
  options: BenchOptions,
  say: (line: string) => void,
  whenRow: (soFar: Comparisons) => void,
): Promise<Comparisons> {
  const baselines: BaselineKind[] = ['onnxruntime-node-copying', 'onnxruntime-node-preallocated'];
  const point = { engine: 'onnxruntime', precision: 'fp32' as const, batch: 1, baselines };
  return compareAll(host, options, [point], say, whenRow);
}

interface Point {
  readonly engine: string;
  readonly precision: Precision;
  readonly batch: number;
  readonly baselines: readonly BaselineKind[];
}

const MODEL = 'open-calm-small';

async function compareAll(
  host: Host,
  options: BenchOptions,
  points: readonly Point[],
  say: (line: string) => void,
  whenRow: (soFar: Comparisons) => void,
): Promise<Comparisons> {
  const modelPath = ensureSyntheticCheckpoint(host, MODEL, 0, 'F32');
  const { input, output, threads, budget_ms = DEFAULT_BUDGET_MS } = options;
  const end_ns = host.clock.monotonic_ns() + BigInt(budget_ms) * 1_000_000n;
  const rows: Row[] = [];
  const leftOut: string[] = [];
  for (const { engine, precision, batch, baselines } of points) {
    if (host.clock.monotonic_ns() > end_ns) {
      leftOut.push(`${engine} ${precision} batch ${batch}`);
      continue;
    }
    const work = { modelPath, precision, batch, input, output, threads };
    for (const row of await compare(host, engine, baselines, work, options)) {
      rows.push(row);
      say(rowText(row));
    }
    whenRow({ model: `${MODEL}, synthetic weights`, rows, leftOut });
  }
  return { model: `${MODEL}, synthetic weights`, rows, leftOut };
}

/** One row of a comparison: an engine, its baselines, the ratio of their decode throughputs with its interval. */
import type { Host } from '../../src/host/host.ts';
import type { Noise } from '../../src/journal/record-parts.ts';
import type { Maybe } from '../../src/kernel/maybe.ts';
import { openCheckpoint } from '../../src/models/checkpoint/open.ts';
import type { Estimate } from '../../src/stats/estimate.ts';
import { pairedRatio } from '../../src/stats/paired-ratio.ts';
import type { BaselineKind, Work } from '../baselines/job.ts';
import { baselineSide } from './baseline-side.ts';
import { runBlocks } from './blocks.ts';
import { engineSide } from './engine-side.ts';
import type { Side } from './side.ts';

export interface Row {
  readonly engine: string;
  readonly baseline: BaselineKind;
  readonly work: Omit<Work, 'modelPath'>;
  readonly blocks: number;
  /** Engine's decode throughput over the baseline's: above 1, the engine is faster. */
  readonly ratio: Maybe<Estimate>;
  /** New tokens of the whole batch per second of decoding; geometric means would hide nothing here, these are medians. */
  readonly engineTokensPerSecond: number;
  readonly baselineTokensPerSecond: number;
  readonly sameTokens: boolean;
  readonly noise: Noise;
  /** [block], nanoseconds of `output` - 1 decode steps. */
  readonly engineDecode_ns: readonly number[];
  readonly baselineDecode_ns: readonly number[];
}

/** One row per baseline, all measured in the same blocks. */
export async function compare(
  host: Host,
  engine: string,
  baselines: readonly BaselineKind[],
  work: Work,
  { blocks, seed }: { readonly blocks: number; readonly seed: number },
): Promise<Row[]> {
  const { vocabularySize } = openCheckpoint(host.files, work.modelPath).shape;
  const sides: Side[] = [];
  try {
    sides.push(await engineSide(host, engine, work, vocabularySize));
    for (const kind of baselines) sides.push(await baselineSide(host, { kind, ...work }));
    const { decode_ns, sameTokens, noise } = await runBlocks(host, sides, blocks, seed);
    const { modelPath: _, ...recorded } = work;
    const perSecond = (times_ns: readonly number[]): number =>
      (work.batch * (work.output - 1) * 1e9) / median(times_ns);
    const own = decode_ns[0]!;
    return baselines.map((baseline, index) => {
      const other = decode_ns[index + 1]!;
      return {
        engine,
        baseline,
        work: recorded,
        blocks,
        ratio: pairedRatio(own.map((time_ns, block) => ({ a: 1 / time_ns, b: 1 / other[block]! }))),
        engineTokensPerSecond: perSecond(own),
        baselineTokensPerSecond: perSecond(other),
        sameTokens,
        noise,
        engineDecode_ns: own,
        baselineDecode_ns: other,
      };
    });
  } finally {
    for (const side of sides) await side.stop();
  }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
}

/**
 * Part `same`: comparisons of the embedded engine with itself on this machine, each as a study makes it: launches of
 * both sides in blocks, shuffled inside, paired by block. Whatever it calls faster or slower is a false alarm. Once with
 * the machine as it is, once beside a neighbour that burns a core now and then.
 */
import type { Host } from '../../src/host/host.ts';
import type { Noise } from '../../src/journal/record-parts.ts';
import { presentValue } from '../../src/kernel/maybe.ts';
import { randomStream } from '../../src/kernel/random.ts';
import { noiseSnapshot } from '../../src/machine/gauges.ts';
import { noiseBetween } from '../../src/machine/noise.ts';
import { openCheckpoint } from '../../src/models/checkpoint/open.ts';
import { ensureSyntheticCheckpoint } from '../../src/models/synthetic/ensure.ts';
import { compareSides } from '../../src/stats/comparison.ts';
import type { ComparisonOutcome } from '../../src/stats/outcome.ts';
import { engineSide } from '../bare-loops/engine-side.ts';
import type { Work } from '../baselines/job.ts';
import { startProgram } from '../child.ts';
import type { BenchOptions } from '../options.ts';

const ENGINE = 'onnxruntime';
const MODEL = 'open-calm-small';
const MARGIN = 0.02;
const BLOCKS = 5;
const REPEATS = 3;
/** What runs beside the comparisons, by the names of the option `--neighbours`. */
const NEIGHBOURS = { none: 'none', burner: 'burns a core now and then' } as const;

export interface SameSides {
  readonly neighbour: (typeof NEIGHBOURS)[keyof typeof NEIGHBOURS];
  readonly comparisons: number;
  /** Outcomes `faster` and `slower`. */
  readonly alarms: number;
  /** Of every comparison, in order. */
  readonly outcomes: readonly ComparisonOutcome[];
  /** Second side over the first, of every comparison. */
  readonly ratios: readonly (number | undefined)[];
  /** The engine's own work counts as foreign here: launches come and go. */
  readonly noise: Noise;
}

export interface SameResult {
  readonly work: Omit<Work, 'modelPath'> & { readonly engine: string; readonly model: string };
  readonly design: { readonly blocks: number; readonly repeats: number; readonly margin: number };
  readonly conditions: readonly SameSides[];
}

export async function benchSame(
  host: Host,
  options: BenchOptions,
  say: (line: string) => void,
  save: (soFar: SameResult) => void,
): Promise<SameResult> {
  const unknown = options.neighbours.filter((name) => !(name in NEIGHBOURS));
  if (unknown.length > 0) throw new RangeError(`no such neighbour: ${unknown.join(', ')}`);
  const shape = { precision: 'w8a8', batch: 1, input: 16, output: 16, threads: options.threads } as const;
  const work: Work = { modelPath: ensureSyntheticCheckpoint(host, MODEL, 0, 'F32'), ...shape };
  const conditions: SameSides[] = [];
  const result = (): SameResult => ({
    work: { engine: ENGINE, model: `${MODEL}, synthetic weights`, ...shape },
    design: { blocks: BLOCKS, repeats: REPEATS, margin: MARGIN },
    conditions,
  });
  for (const [name, neighbour] of Object.entries(NEIGHBOURS)) {
    if (!options.neighbours.includes(name)) continue;
    const burner = neighbour === 'none' ? undefined : startProgram(host, 'burner.js', String(options.seed));
    try {
      conditions.push(await manyComparisons(host, work, options, neighbour, say));
    } finally {
      burner?.signalGroup('SIGTERM');
      await burner?.exit;
    }
    save(result());
  }
  return result();
}

async function manyComparisons(
  host: Host,
  work: Work,
  { comparisons, seed }: BenchOptions,
  neighbour: SameSides['neighbour'],
  say: (line: string) => void,
): Promise<SameSides> {
  const random = randomStream(seed, `bench: same sides, ${neighbour}`);
  const { vocabularySize } = openCheckpoint(host.files, work.modelPath).shape;
  const outcomes: ComparisonOutcome[] = [];
  const ratios: (number | undefined)[] = [];
  const start = noiseSnapshot(host, undefined);
  for (let index = 0; index < comparisons; index += 1) {
    const blocks = [];
    for (let block = 0; block < BLOCKS; block += 1) {
      const means: Record<'a' | 'b', number> = { a: 0, b: 0 };
      for (const side of random.shuffle(['a', 'b'] as const)) {
        means[side] = await launchMean(host, work, vocabularySize);
      }
      blocks.push(means);
    }
    const { outcome, ratio } = compareSides({ kind: 'paired', blocks }, { margin: MARGIN });
    outcomes.push(outcome);
    ratios.push(presentValue(ratio)?.mean);
    say(`${index + 1} of ${comparisons} (neighbour: ${neighbour}): ${outcome}`);
  }
  const noise = noiseBetween(start, noiseSnapshot(host, undefined));
  const alarms = outcomes.filter((outcome) => outcome === 'faster' || outcome === 'slower').length;
  return { neighbour, comparisons, alarms, outcomes, ratios, noise };
}

/** Decode steps per second of one launch, its first generation left out. */
async function launchMean(host: Host, work: Work, vocabularySize: number): Promise<number> {
  const side = await engineSide(host, ENGINE, work, vocabularySize);
  try {
    await side.generate();
    let sum = 0;
    for (let repeat = 0; repeat < REPEATS; repeat += 1) {
      sum += ((work.output - 1) * 1e9) / (await side.generate()).decode_ns;
    }
    return sum / REPEATS;
  } finally {
    await side.stop();
  }
}

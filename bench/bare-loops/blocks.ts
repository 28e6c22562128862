/**
 * Sides against each other in blocks: each block has one generation of every side, in an order shuffled by seed, so that
 * a slow minute meets all of them. The first generation of each side warms up and is not counted.
 */
import type { Host } from '../../src/host/host.ts';
import type { Noise } from '../../src/journal/record-parts.ts';
import { randomStream } from '../../src/kernel/random.ts';
import { noiseSnapshot } from '../../src/machine/gauges.ts';
import { type NoiseSnapshot, noiseBetween } from '../../src/machine/noise.ts';
import { sumCounters } from '../../src/machine/worker-counters.ts';
import type { Side } from './side.ts';

/** Lets the threads of the side that just ran fall asleep (ONNX Runtime's pool spins before it does). */
const PAUSE_MS = 50;

export interface Blocks {
  /** [side][block], nanoseconds of decoding. */
  readonly decode_ns: readonly (readonly number[])[];
  /** Whether every side wrote the tokens of the first one in every block. */
  readonly sameTokens: boolean;
  readonly noise: Noise;
}

export async function runBlocks(
  host: Host,
  sides: readonly Side[],
  count: number,
  seed: number,
): Promise<Blocks> {
  const stream = randomStream(seed, 'bench: order within blocks');
  const order = sides.map((_, index) => index);
  const decode_ns: number[][] = sides.map(() => []);
  let expected: string | undefined;
  let sameTokens = true;
  for (const side of sides) {
    const { tokens } = await side.generate();
    expected ??= JSON.stringify(tokens);
  }
  const start = snapshot(host, sides);
  for (let block = 0; block < count; block += 1) {
    for (const index of stream.shuffle(order)) {
      await host.clock.sleep(PAUSE_MS);
      const { decode_ns: time_ns, tokens } = await sides[index]!.generate();
      decode_ns[index]!.push(time_ns);
      sameTokens &&= JSON.stringify(tokens) === expected;
    }
  }
  return { decode_ns, sameTokens, noise: noiseBetween(start, snapshot(host, sides)) };
}

/** The CPU time of every side counts as the worker's, so that only what is left is foreign. */
function snapshot(host: Host, sides: readonly Side[]): NoiseSnapshot {
  const counters = sides.map(({ pid }) => noiseSnapshot(host, pid).worker);
  const known = counters.filter((each) => each !== undefined);
  return {
    ...noiseSnapshot(host, undefined),
    worker: known.length === sides.length ? sumCounters(known) : undefined,
  };
}

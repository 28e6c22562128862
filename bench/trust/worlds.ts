/**
 * Simulated worlds whose truth is known: a machine with one kind of the sim engine's noise (src/engines/sim/noise.ts),
 * launches in rounds on its clock, repeats in launches. Nothing is run: the noise model alone is asked, so that thousands
 * of worlds take seconds. A duration is the factor by which a generation takes longer than its cost model says; a rate is
 * one over it.
 *
 * In all worlds a launch has a factor of its own of 2 % (standard deviation of its logarithm) and five repeats of 2 s; a
 * round takes a minute, its launches begin at a random moment of it, and sides that are compared follow each other in
 * random order. What is on top of that is `WORLDS`.
 */
import { noiseOf } from '../../src/engines/sim/noise.ts';
import { type NoiseModel, type SimOptions, simOptions } from '../../src/engines/sim/options.ts';
import { randomStream } from '../../src/kernel/random.ts';

export interface World {
  readonly noise: Exclude<NoiseModel, 'none'>;
  /** Size of the noise as a share of the duration. */
  readonly scale: number;
  /** What the size means here. */
  readonly meaning: string;
}

export const WORLDS: readonly World[] = [
  { noise: 'white', scale: 0.05, meaning: 'repeats differ by 5 %' },
  { noise: 'autocorrelated', scale: 0.05, meaning: 'repeats of a launch differ by 5 %, AR(1) at 0.9' },
  { noise: 'drift', scale: 0.1, meaning: '10 % slower from the start to the end of a run' },
  { noise: 'heavy-tailed', scale: 0.05, meaning: '5 % of |t| with 2 degrees of freedom, only slower' },
  { noise: 'step', scale: 0.1, meaning: '10 % slower from a random moment of the run on' },
  { noise: 'bimodal', scale: 0.1, meaning: 'half of the repeats 10 % slower, at random' },
  { noise: 'bursts', scale: 0.3, meaning: '30 % slower in a quarter of all windows of 20 s' },
];

/** Standard deviation of the logarithm of a launch's own factor. */
export const LAUNCH_SCALE = 0.02;
export const REPEATS = 5;
/** Where rounds are adaptive a launch may have as few. */
export const FEWEST_REPEATS = 1;
const ROUND_MS = 60_000;
export const REPEAT_MS = 2_000;
const SIDE_MS = 20_000;
/** What a launch costs beside its repeats: start, load, warm-up. */
export const LAUNCH_MS: number = SIDE_MS - REPEATS * REPEAT_MS;
const BURST_MS = 20_000;

/** Launch by launch, repeat by repeat. */
export type Values = readonly (readonly number[])[];

/** One world's machine over one run. */
export interface Machine {
  /** Durations of each side, launch by launch. */
  readonly sides: readonly Values[];
  readonly options: SimOptions;
}

/** Runs `rounds` launches of each of `sides` equal sides. The same for the same world, seed and number. */
export function runMachine(
  world: World,
  seed: number,
  number: number,
  shape: { readonly rounds: number; readonly sides: number; readonly repeats?: number },
): Machine {
  const { rounds, sides, repeats = REPEATS } = shape;
  const random = randomStream(seed, `${world.noise} world ${number}`);
  // A drift spans the run, a step comes at a random moment of it.
  const run_ms = rounds * ROUND_MS;
  const periods = { drift: run_ms, step: run_ms * (0.01 + 0.98 * random.next()) };
  const options = simOptions.parse({
    noise: world.noise,
    noiseScale: world.scale,
    noisePeriod_ms: world.noise === 'drift' || world.noise === 'step' ? periods[world.noise] : BURST_MS,
    launchScale: LAUNCH_SCALE,
    noiseSeed: random.integer(2 ** 31),
  });
  const measured = Array.from({ length: sides }, (): number[][] => []);
  for (let round = 0; round < rounds; round += 1) {
    const begin_ms = (round + random.next()) * ROUND_MS;
    for (const [position, side] of random.shuffle([...measured.keys()]).entries()) {
      const noise = noiseOf(options, `side ${side}, round ${round}`);
      const start_ms = begin_ms + position * SIDE_MS;
      measured[side]?.push(
        Array.from({ length: repeats }, (_, repeat) =>
          noise.next(BigInt(Math.round((start_ms + repeat * REPEAT_MS) * 1e6))),
        ),
      );
    }
  }
  return { sides: measured, options };
}

/**
 * The expected `value` of a duration: over an endless run where the noise is stationary, over the `rounds` that were
 * measured where it drifts or steps. `value` is a power of the duration, 1 or -1.
 */
export function truth(machine: Machine, rounds: number, value: (duration: number) => number): number {
  const { noiseScale, launchScale } = machine.options;
  let total = 0;
  let weights = 0;
  for (const { excess, weight } of excesses(machine.options, rounds)) {
    total += weight * value(1 + noiseScale * excess);
    weights += weight;
  }
  // The mean of a lognormal factor and of its inverse.
  return Math.exp(launchScale ** 2 / 2) * (total / weights);
}

interface Excess {
  readonly excess: number;
  readonly weight: number;
}

const NODES = 2_000;
const nodes = (of: (share: number) => Excess): Excess[] =>
  Array.from({ length: NODES }, (_, i) => of((i + 0.5) / NODES));
const NORMAL: readonly Excess[] = nodes((share) => {
  const excess = 16 * share - 8;
  return { excess, weight: Math.exp(-(excess ** 2) / 2) };
});
const uniform = (largest: number): Excess[] => nodes((share) => ({ excess: share * largest, weight: 1 }));
/** |t| with 2 degrees of freedom is sqrt(2) tan A with A of density cos A, from 0 to pi / 2. */
const FOLDED_T2: readonly Excess[] = nodes((share) => {
  const angle = (share * Math.PI) / 2;
  return { excess: Math.SQRT2 * Math.tan(angle), weight: Math.cos(angle) };
});
const twoPoints = (share: number): Excess[] => [
  { excess: 0, weight: 1 - share },
  { excess: 1, weight: share },
];

/** The distribution of the noise's excess, in units of its scale. */
function excesses({ noise, noisePeriod_ms }: SimOptions, rounds: number): readonly Excess[] {
  switch (noise) {
    case 'none':
      return twoPoints(0);
    case 'white':
    case 'autocorrelated':
      return NORMAL;
    case 'drift':
      return uniform((rounds * ROUND_MS) / noisePeriod_ms);
    case 'heavy-tailed':
      return FOLDED_T2;
    case 'step':
      return twoPoints(Math.max(0, 1 - noisePeriod_ms / (rounds * ROUND_MS)));
    case 'bimodal':
      return twoPoints(0.5);
    case 'bursts':
      return twoPoints(0.25);
  }
}

/**
 * Part `trust`: whether Hayasa's statistics keep what they promise, in simulated worlds whose truth is known. The same
 * figures for the same seed, on any machine.
 */
import { sequentialDesign } from '../../src/stats/sequential.ts';
import type { BenchOptions } from '../options.ts';
import { type Adaptive, adaptive } from './adaptive.ts';
import { type Alarms, alarms } from './comparisons.ts';
import { type Coverage, coverage, QUANTITIES, type StoppedCoverage, stoppedCoverage } from './coverage.ts';
import { WORLDS, type World } from './worlds.ts';

const WORLD_COUNT = 2000;
const DIFFERENCE = 1.1;
const FIRST_LOOK = 3;
/** Launches of a side in the fixed design, and looks of a run that takes as many at most. */
const FIXED = 10;
/** Launches with fewer repeats are cheaper: so many cost about as much as the fixed design's. */
const LAST_LOOKS = [FIXED, 13] as const;
/** A cell has enough when its interval reaches 4 % to both sides. */
const WIDTH = 0.04;

export interface TrustResult {
  readonly seed: number;
  readonly worldsEach: number;
  readonly worlds: readonly World[];
  readonly coverage: readonly Coverage[];
  readonly stopped: readonly StoppedCoverage[];
  readonly alarms: readonly Alarms[];
  readonly adaptive: readonly Adaptive[];
}

export function benchTrust({ seed }: BenchOptions, say: (line: string) => void): TrustResult {
  const many = { worlds: WORLD_COUNT, seed };
  const design = sequentialDesign(FIRST_LOOK, FIXED);
  const each = <T>(name: string, of: (world: World) => readonly T[]): T[] =>
    WORLDS.flatMap((world) => {
      say(`${name}: ${world.noise}`);
      return of(world);
    });
  return {
    seed,
    worldsEach: WORLD_COUNT,
    worlds: WORLDS,
    coverage: each('coverage', (world) =>
      QUANTITIES.flatMap((quantity) =>
        [5, 10, 20].map((launches) => coverage(world, quantity, launches, many)),
      ),
    ),
    stopped: each('stopped when narrow', (world) => [stoppedCoverage(world, design, WIDTH, many)]),
    alarms: each('comparison', (world) => [5, 10].map((blocks) => alarms(world, blocks, many))),
    adaptive: each('adaptive', (world) =>
      LAST_LOOKS.flatMap((last) =>
        [DIFFERENCE, 1].map((trueRatio) =>
          adaptive(world, sequentialDesign(FIRST_LOOK, last), { trueRatio, blocksWhenFixed: FIXED }, many),
        ),
      ),
    ),
  };
}

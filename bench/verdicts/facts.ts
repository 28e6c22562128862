/**
 * Simulated studies of facts: memory, times of loading, what an engine reports, what can run or be converted at all. Each
 * study draws its own facts; `fact-journal.ts` writes them into its journal, because simulated engines have no process,
 * modules or conversions of their own.
 */
import { randomStream } from '../../src/kernel/random.ts';
import type { FailureCause } from '../../src/protocol/failure.ts';
import type { KnownClaim } from './claims.ts';
import type { NoiseOptions } from './noises.ts';
import { simulatedStudy } from './study.ts';

/** What the launches of an engine say of a setting: all 0; one says 12; one says nothing; none says anything. */
export type Report = 'alike' | 'one-differs' | 'one-silent' | 'silent';

/** What becomes of launches that convert: `works-later` fails in the first round only, with `cause`. */
export type Fate =
  | { readonly kind: 'works' }
  | { readonly kind: 'works-later' | 'fails'; readonly cause: FailureCause };

export interface Facts {
  readonly report: Report;
  /** The round of the launch that differs or is silent. */
  readonly oddRound: number;
  /** Of the converting engine, by precision. */
  readonly fates: Readonly<Record<'w8' | 'w4', Fate>>;
}

/** Engine a to engine b, without noise. */
export const MEMORY_RATIO = 0.6;
/** Loading the model to starting the process, without noise. */
export const LOAD_RATIO = 4;
export const SETTING = 'replacedModules';
/** Causes that mean that a conversion was too heavy, and causes that say nothing of that. */
export const TOO_HEAVY = ['out-of-memory', 'disk', 'timeout'] as const satisfies readonly FailureCause[];
const OTHER_CAUSES = ['crash', 'engine-error'] as const satisfies readonly FailureCause[];

/** The facts of the study with number `index`. */
export function drawFacts(index: number, rounds: number): Facts {
  const stream = randomStream(index, 'facts');
  const one = <T>(choices: readonly [T, ...T[]]): T => choices[stream.integer(choices.length)] ?? choices[0];
  const fate = (): Fate => {
    const cause = one<FailureCause>([...TOO_HEAVY, ...OTHER_CAUSES]);
    const kind = one(['works', 'works-later', 'fails', 'fails'] as const);
    return kind === 'works' ? { kind } : { kind, cause };
  };
  return {
    report: one(['alike', 'one-differs', 'one-silent', 'silent']),
    oddRound: stream.integer(rounds),
    fates: { w8: fate(), w4: fate() },
  };
}

/** Engines a and b are timed and gauged, c converts, and nothing is known of d. */
export const factStudy = (noise: NoiseOptions, rounds: number, claims: readonly KnownClaim[]): string =>
  simulatedStudy({
    engines: [
      `{id: sim, label: a, options: ${JSON.stringify(noise)}}`,
      `{id: sim, label: b, options: ${JSON.stringify({ step_ns: 20_000_000, ...noise })}}`,
      `{id: sim, label: c, precisions: [w8, w4], options: ${JSON.stringify(noise)}}`,
      '{id: tensorrt-llm, label: d}',
    ],
    axes: "{batch: [1, 4], device: [cpu, 'cuda:0']}",
    rounds,
    seed: noise.noiseSeed,
    claims,
  });

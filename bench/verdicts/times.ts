/** Simulated studies of times: two engines, two batch sizes, four lengths, and claims of every kind on what was timed. */
import { type KnownClaim, threeClaims } from './claims.ts';
import type { NoiseOptions } from './noises.ts';
import { simulatedStudy } from './study.ts';

/** Two sequences of a step cost less than twice one: throughput at batch 4 over that at batch 1. */
const GAIN_OF_BATCH = 20 / 56 / (5 / 44);

/** Kinds of claims with their margins. */
export const TIME_CLAIMS: readonly KnownClaim[] = [
  ...threeClaims('ratio', 'ratio', 'of: {engine: a}, to: {engine: b}', {
    open: 'atLeast: 2',
    true: 'atLeast: 1.2',
    false: 'atLeast: 4',
  }),
  ...threeClaims('ratio-below', 'ratio', 'of: {engine: b}, to: {engine: a}', {
    open: 'atMost: 0.5',
    true: 'atMost: 0.9',
    false: 'atMost: 0.2',
  }),
  ...threeClaims('equal', 'equal', 'for: {batch: 1, inputTokens: 20}, of: {engine: a}, to: {engine: b}', {
    open: 'within: 1',
    true: 'within: 3',
    false: 'within: 0.2',
  }),
  ...threeClaims('ranking', 'ranking', 'first: {engine: a}', {
    open: 'atLeast: 2',
    true: 'atLeast: 1',
    false: 'atLeast: 4',
  }),
  ...threeClaims('trend', 'trend', 'for: {inputTokens: 20}, along: batch', {
    open: `atLeast: ${GAIN_OF_BATCH}`,
    true: 'atLeast: 2',
    false: 'atMost: 2',
  }),
  ...threeClaims(
    'interaction',
    'interaction',
    'for: {inputTokens: 20}, of: {engine: a}, to: {engine: b}, from: {batch: 1}, towards: {batch: 4}',
    { open: 'atLeast: 1', true: 'atLeast: 0.5', false: 'atLeast: 2' },
  ),
  ...threeClaims(
    'only',
    'only',
    'for: {inputTokens: 20}, who: {engine: a}, along: batch, others: {atMost: 6}',
    { open: `atLeast: ${GAIN_OF_BATCH}`, true: 'atLeast: 2', false: 'atMost: 2' },
  ),
  ...threeClaims(
    'relative-fall',
    'fall',
    'for: {batch: 1}, who: {engine: a}, along: inputTokens, measure: relative',
    { open: 'atLeast: 1', true: 'atLeast: 0.5', false: 'atLeast: 2' },
  ),
  ...threeClaims(
    'absolute-fall',
    'fall',
    'for: {batch: 1}, who: {engine: a}, along: inputTokens, measure: absolute',
    { open: 'atLeast: 2', true: 'atLeast: 0.5', false: 'atLeast: 8' },
  ),
  ...threeClaims('share', 'share', 'for: {batch: 1}, part: ttft, whole: e2e, along: inputTokens', {
    open: 'atLeast: 1',
    true: 'atLeast: 0.4',
    false: 'atMost: 0.4',
  }),
];

/** Claims on a third engine, which is as fast as b. */
export const UNEVEN_CLAIMS: readonly KnownClaim[] = [
  ...TIME_CLAIMS,
  ...threeClaims('ratio-steady', 'ratio', 'of: {engine: a}, to: {engine: c}', {
    open: 'atLeast: 2',
    true: 'atLeast: 1.2',
    false: 'atLeast: 4',
  }),
];

/** Launches of an engine that is not steady vary by this many times as much. */
const UNSTEADY = 4;

/** b takes twice the time of a for everything. `isUneven`: its launches vary more, and c is like b, but steady. */
export const timeStudy = (noise: NoiseOptions, rounds: number, isUneven: boolean): string => {
  const slow = { prefill_ns: 200_000, step_ns: 20_000_000, sequence_ns: 1_000_000 };
  const unsteady = { ...noise, launchScale: noise.launchScale * UNSTEADY };
  const engine = (label: string, options: object): string =>
    `{id: sim, label: ${label}, options: ${JSON.stringify(options)}}`;
  return simulatedStudy({
    engines: [
      engine('a', noise),
      engine('b', { ...slow, ...(isUneven ? unsteady : noise) }),
      ...(isUneven ? [engine('c', { ...slow, ...noise })] : []),
    ],
    axes: '{batch: [1, 4], inputTokens: [20, 50, 100, 200]}',
    rounds,
    seed: noise.noiseSeed,
    claims: isUneven ? UNEVEN_CLAIMS : TIME_CLAIMS,
  });
};

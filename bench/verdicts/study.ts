/** The frame of a simulated study: one repeat of every cell in each of a number of rounds, and its claims. Pure. */
import { claimLine, type KnownClaim } from './claims.ts';

export interface SimulatedStudy {
  /** Engines as YAML flow mappings. */
  readonly engines: readonly string[];
  /** Axes as a YAML flow mapping. */
  readonly axes: string;
  readonly rounds: number;
  readonly seed: number;
  readonly claims: readonly KnownClaim[];
}

/** As the text of a study file. */
export const simulatedStudy = ({ engines, axes, rounds, seed, claims }: SimulatedStudy): string => `
name: simulated
models: [tiny]
engines:
${engines.map((engine) => `  - ${engine}\n`).join('')}defaults: {inputTokens: 20, outputTokens: 5}
axes: ${axes}
rounds: {minimum: ${rounds}, maximum: ${rounds}, confirm: 0}
repeats: {minimum: 1, maximum: 1, window: 1ms}
warmUp: {maximum: 1, tokens: 1}
correctness: {check: false}
seed: ${seed}
claims:
${claims.map(claimLine).join('')}`;

/**
 * What a teacher-forced score adds up, position by position and continuation by continuation: the same for every npm
 * engine, so that their figures mean the same.
 */
import { argmax } from '../native/llama/greedy.ts';
import { FailureError } from '../protocol/failure-error.ts';
import type { Score } from '../protocol/frames.ts';
import { klDivergence } from './kl-divergence.ts';
import { logProbability } from './log-probability.ts';

export interface ScorePosition {
  readonly logits: Float32Array;
  /** The engine's own greedy choice. */
  readonly choice: number;
  /** The continuation's token. */
  readonly expected: number;
  /** The reference's logits, where a file of them is compared with. */
  readonly reference?: Float32Array | undefined;
}

export interface ScoreTally {
  /** Opens the next continuation. */
  continuation(): void;
  /** @throws FailureError where the logits give no probability */
  position(position: ScorePosition): void;
  /** At least one position must have been taken, or the score is only well-formed (it was cut short). */
  score(): Score;
}

export function scoreTally(): ScoreTally {
  let positions = 0;
  let equalPositions = 0;
  let compared = 0;
  let divergence = 0;
  let equalChoices = 0;
  const logLikelihoods: number[] = [];
  return {
    continuation: () => {
      logLikelihoods.push(0);
    },
    position: ({ logits, choice, expected, reference }) => {
      const probability = logProbability(logits, expected);
      if (!Number.isFinite(probability)) throw noProbability(positions);
      positions += 1;
      logLikelihoods[logLikelihoods.length - 1] = (logLikelihoods.at(-1) ?? 0) + probability;
      if (choice === expected) equalPositions += 1;
      if (reference === undefined) return;
      compared += 1;
      divergence += klDivergence(reference, logits);
      if (choice === argmax(reference, 0, reference.length)) equalChoices += 1;
    },
    score: () => ({
      equalPositions,
      positions: Math.max(positions, 1),
      ...(compared === 0 ? {} : { meanKlDivergence: divergence / compared, equalChoices }),
      logLikelihoods,
    }),
  };
}

const noProbability = (position: number): FailureError =>
  new FailureError({
    cause: 'engine-error',
    message: {
      en: `the logits of position ${position} are not finite: the model overflows in this precision`,
      ja: `位置 ${position} のロジットが有限ではありません: モデルがこの精度であふれます`,
    },
    hint: {
      en: 'take a precision with a wider range (bf16, fp32)',
      ja: '範囲の広い精度（bf16、fp32）を使ってください',
    },
  });

/** The generate request of a cell: prompts by seed, the same for prompt i whatever the batch, engine and precision. */
import type { Cell } from '../axes/cell.ts';
import type { ModelShape } from '../models/shape.ts';
import type { GenerateRequest } from '../protocol/frames.ts';
import { tokenIdPrompts } from '../text/prompts.ts';

/** Deadline of one generation: far beyond any honest time, so that only a hang meets it. */
const LEAST_DEADLINE_MS = 60_000;
const DEADLINE_FACTOR = 30;

/** `estimated_ms` is the plan's estimate of the cell. */
export function requestOf(
  cell: Cell,
  shape: ModelShape,
  seed: number,
  estimated_ms: number,
): Omit<GenerateRequest, 'kind' | 'id'> {
  return {
    prompts: promptsOf(cell, shape, seed, cell.batch),
    depthTokens: cell.depthTokens,
    outputTokens: Array.from({ length: cell.batch }, () => cell.outputTokens),
    batching: cell.batching,
    slots: cell.slots,
    stopTokens: cell.stop === 'natural' && shape.eosTokenId !== undefined ? [shape.eosTokenId] : [],
    deadline_ms: Math.round(LEAST_DEADLINE_MS + DEADLINE_FACTOR * estimated_ms),
  };
}

/** The first `count` prompts of the cell's prompt shape. */
export function promptsOf(cell: Cell, shape: ModelShape, seed: number, count: number): number[][] {
  return tokenIdPrompts({
    vocabularySize: shape.vocabularySize,
    count,
    inputTokens: cell.inputTokens,
    lengths: cell.promptLengths,
    seed,
    reservedTokens: [shape.bosTokenId, shape.eosTokenId].filter((id) => id !== undefined),
  });
}

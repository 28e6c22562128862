/** The generate request of a cell: prompts of the model's source, the same for prompt i whatever the batch, engine and precision. */
import type { Cell } from '../axes/cell.ts';
import { type EndOfText, endOfTextTokens } from '../models/end-of-text.ts';
import type { GenerateRequest } from '../protocol/frames.ts';
import type { Sampling } from '../protocol/sampling.ts';
import type { PromptSource } from '../text/prompt-source.ts';
import { outputLengths } from './output-lengths.ts';

/** Deadline of one generation: far beyond any honest time, so that only a hang meets it. */
const LEAST_DEADLINE_MS = 60_000;
const DEADLINE_FACTOR = 30;

/** `estimated_ms` is the plan's estimate of the cell. */
export function requestOf(
  cell: Cell,
  limits: EndOfText,
  source: PromptSource,
  seed: number,
  estimated_ms: number,
): Omit<GenerateRequest, 'kind' | 'id'> {
  return {
    prompts: promptsOf(cell, source, seed, cell.batch),
    depthTokens: cell.depthTokens,
    outputTokens: outputLengths(cell, seed),
    batching: cell.batching,
    slots: cell.slots,
    stopTokens: cell.stop === 'natural' ? endOfTextTokens(limits) : [],
    ...samplingOf(cell),
    deadline_ms: Math.round(LEAST_DEADLINE_MS + DEADLINE_FACTOR * estimated_ms),
  };
}

/** How tokens are drawn, where they are. */
export function samplingOf({
  temperature,
  topK = 0,
  topP = 1,
  samplingSeed = 0,
}: Pick<Cell, 'temperature' | 'topK' | 'topP' | 'samplingSeed'>): {
  readonly sampling?: Sampling;
} {
  return temperature === undefined ? {} : { sampling: { temperature, topK, topP, seed: samplingSeed } };
}

/** The first `count` prompts of the cell's prompt shape. */
export function promptsOf(cell: Cell, source: PromptSource, seed: number, count: number): number[][] {
  const { inputTokens, promptLengths: lengths } = cell;
  return source.prompts({ count, inputTokens, lengths, seed }).ids.map((ids) => [...ids]);
}

/** What is asked of a generation, checked before llama.cpp (which would abort the process) sees it. */

import { FailureError } from '../../protocol/failure-error.ts';
import type { GenerateRequest, ScoreRequest } from '../../protocol/frames.ts';
import { COMPUTED_ROWS_ARE_STATIC, MAXIMUM_SEQUENCES } from './context-needs.ts';
import type { LlamaCppOptions } from './options.ts';

export interface ModelLimits {
  readonly vocabularySize: number;
  readonly maximumPositions: number;
}

/** Positions that the longest sequence needs. @throws FailureError `unsupported` with the offending value */
export function generationPositions(
  request: GenerateRequest,
  limits: ModelLimits,
  finishedRows: LlamaCppOptions['finishedRows'],
): number {
  checkTokens(request.prompts, limits);
  if (request.outputTokens.length !== request.prompts.length) {
    throw refused(`${request.outputTokens.length} output lengths for ${request.prompts.length} prompts`);
  }
  const slots = slotsOf(request);
  if (slots > MAXIMUM_SEQUENCES) {
    throw refused(`llama.cpp holds at most ${MAXIMUM_SEQUENCES} sequences at once, not ${slots}`);
  }
  if (request.batching === 'continuous' && request.depthTokens > 0) {
    throw refused('a depth needs static batching');
  }
  if (request.batching === 'continuous' && request.engineTimers === true) {
    throw refused("the engine's own timers need static batching");
  }
  // A row that has ended goes on until the last one ends.
  const longestOutput = Math.max(...request.outputTokens);
  const lengths = request.prompts.map(
    (prompt, i) =>
      request.depthTokens +
      prompt.length +
      (finishedRows === 'computed' ? longestOutput : (request.outputTokens[i] as number)),
  );
  if (finishedRows === 'computed' && request.batching === 'continuous') {
    throw refused(COMPUTED_ROWS_ARE_STATIC.en);
  }
  return checkPositions(Math.max(...lengths), limits);
}

/** Positions that the longest sequence needs. @throws FailureError `unsupported` */
export function scorePositions(request: ScoreRequest, limits: ModelLimits): number {
  checkTokens(request.prompts, limits);
  checkTokens(request.continuations, limits);
  if (request.continuations.length !== request.prompts.length) {
    throw refused(`${request.continuations.length} continuations for ${request.prompts.length} prompts`);
  }
  const lengths = request.prompts.map(
    (prompt, i) => prompt.length + (request.continuations[i] as readonly number[]).length,
  );
  return checkPositions(Math.max(...lengths), limits);
}

/** Sequences that are in the cache at once. */
export const slotsOf = (request: GenerateRequest): number =>
  request.batching === 'static' ? request.prompts.length : Math.min(request.slots, request.prompts.length);

function checkTokens(lists: readonly (readonly number[])[], { vocabularySize }: ModelLimits): void {
  for (const [index, tokens] of lists.entries()) {
    const wrong = tokens.find((token) => token >= vocabularySize);
    if (wrong !== undefined) {
      throw refused(`token ${wrong} of sequence ${index} is outside the vocabulary of ${vocabularySize}`);
    }
  }
}

function checkPositions(positions: number, { maximumPositions }: ModelLimits): number {
  if (positions > maximumPositions) {
    throw refused(`${positions} positions are beyond the ${maximumPositions} of the model`);
  }
  return positions;
}

const refused = (message: string): FailureError => new FailureError({ cause: 'unsupported', message });

/** What is asked of a generation, checked before llama.cpp (which would abort the process) sees it. */

import type { Words } from '../../kernel/language.ts';
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
    throw refused({
      en: `${request.outputTokens.length} output lengths for ${request.prompts.length} prompts`,
      ja: `プロンプト ${request.prompts.length} 個に出力長 ${request.outputTokens.length} 個`,
    });
  }
  const slots = slotsOf(request);
  if (slots > MAXIMUM_SEQUENCES) {
    throw refused({
      en: `llama.cpp holds at most ${MAXIMUM_SEQUENCES} sequences at once, not ${slots}`,
      ja: `llama.cpp が同時に持てる系列は ${MAXIMUM_SEQUENCES} までです（指定は ${slots}）`,
    });
  }
  if (request.batching === 'continuous' && request.depthTokens > 0) {
    throw refused({ en: 'a depth needs static batching', ja: '深さには静的バッチが必要です' });
  }
  if (request.batching === 'continuous' && request.engineTimers === true) {
    throw refused({
      en: "the engine's own timers need static batching",
      ja: 'エンジン自身のタイマーには静的バッチが必要です',
    });
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
    throw refused(COMPUTED_ROWS_ARE_STATIC);
  }
  return checkPositions(Math.max(...lengths), limits);
}

/** Positions that the longest sequence needs. @throws FailureError `unsupported` */
export function scorePositions(request: ScoreRequest, limits: ModelLimits): number {
  checkTokens(request.prompts, limits);
  checkTokens(request.continuations, limits);
  if (request.continuations.length !== request.prompts.length) {
    throw refused({
      en: `${request.continuations.length} continuations for ${request.prompts.length} prompts`,
      ja: `プロンプト ${request.prompts.length} 個に続き ${request.continuations.length} 個`,
    });
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
      throw refused({
        en: `token ${wrong} of sequence ${index} is outside the vocabulary of ${vocabularySize}`,
        ja: `系列 ${index} のトークン ${wrong} は語彙（${vocabularySize}）の外です`,
      });
    }
  }
}

function checkPositions(positions: number, { maximumPositions }: ModelLimits): number {
  if (positions > maximumPositions) {
    throw refused({
      en: `${positions} positions are beyond the ${maximumPositions} of the model`,
      ja: `${positions} 位置は、モデルの ${maximumPositions} を超えています`,
    });
  }
  return positions;
}

const refused = (message: Words): FailureError => new FailureError({ cause: 'unsupported', message });

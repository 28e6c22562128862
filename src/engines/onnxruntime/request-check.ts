/** Refuses requests that the model cannot serve, before anything runs. */
import type { ModelShape } from '../../models/shape.ts';
import { FailureError } from '../../protocol/failure-error.ts';
import type { GenerateRequest, ScoreRequest } from '../../protocol/frames.ts';
import type { LoadedModel } from './model.ts';

/** @throws FailureError `unsupported` */
export function checkGenerate(request: GenerateRequest, model: LoadedModel): void {
  const { shape, kvCache, promptPadding } = model;
  const positions = positionsOf(model);
  if (kvCache === 'off' && (request.batching === 'continuous' || request.depthTokens > 0)) {
    throw refused('without a KV cache there is neither a depth nor continuous batching');
  }
  if (kvCache === 'off' && promptPadding === 'skipped') {
    throw refused('without a KV cache the padding of prompts cannot be skipped');
  }
  if (request.batching === 'continuous' && request.depthTokens > 0) {
    throw refused('a depth needs static batching');
  }
  const { prompts, outputTokens, depthTokens } = request;
  if (outputTokens.length !== prompts.length) {
    throw refused(`${prompts.length} prompts but ${outputTokens.length} output lengths`);
  }
  for (const [i, prompt] of prompts.entries()) {
    checkTokens(prompt, shape);
    checkPositions(depthTokens + prompt.length + (outputTokens[i] ?? 0), positions);
  }
}

/** @throws FailureError `unsupported` */
export function checkScore({ prompts, continuations }: ScoreRequest, model: LoadedModel): void {
  const { shape } = model;
  if (continuations.length !== prompts.length) {
    throw refused(`${prompts.length} prompts but ${continuations.length} continuations`);
  }
  for (const [i, prompt] of prompts.entries()) {
    const continuation = continuations[i] ?? [];
    checkTokens(prompt, shape);
    checkTokens(continuation, shape);
    checkPositions(prompt.length + continuation.length, positionsOf(model));
  }
}

function checkTokens(tokens: readonly number[], { vocabularySize }: ModelShape): void {
  const outside = tokens.find((token) => token >= vocabularySize);
  if (outside !== undefined) {
    throw refused(`token ${outside} is outside the vocabulary of ${vocabularySize}`);
  }
}

interface Positions {
  readonly count: number;
  readonly whose: string;
}

/** A graph may hold rotary tables for fewer positions than the model has: as many as the load asked for. */
const positionsOf = ({ shape, variant }: LoadedModel): Positions =>
  variant.positions === undefined
    ? { count: shape.maximumPositions, whose: 'the model has' }
    : { count: variant.positions, whose: 'it was loaded with' };

function checkPositions(positions: number, { count, whose }: Positions): void {
  if (positions > count) throw refused(`${positions} tokens of context, but ${whose} ${count} positions`);
}

const refused = (message: string): FailureError => new FailureError({ cause: 'unsupported', message });

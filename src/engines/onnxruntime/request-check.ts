/** Refuses requests that the model cannot serve, before anything runs. */
import type { Words } from '../../kernel/language.ts';
import type { ModelShape } from '../../models/shape.ts';
import { FailureError } from '../../protocol/failure-error.ts';
import type { GenerateRequest, ScoreRequest } from '../../protocol/frames.ts';
import type { LoadedModel } from './model.ts';

/** @throws FailureError `unsupported` */
export function checkGenerate(request: GenerateRequest, model: LoadedModel): void {
  const { shape, kvCache, promptPadding } = model;
  const positions = positionsOf(model);
  if (kvCache === 'off' && (request.batching === 'continuous' || request.depthTokens > 0)) {
    throw refused({
      en: 'without a KV cache there is neither a depth nor continuous batching',
      ja: 'KV キャッシュなしでは、深さも連続バッチもありません',
    });
  }
  if (kvCache === 'off' && promptPadding === 'skipped') {
    throw refused({
      en: 'without a KV cache the padding of prompts cannot be skipped',
      ja: 'KV キャッシュなしでは、プロンプトのパディングを省けません',
    });
  }
  if (request.batching === 'continuous' && request.depthTokens > 0) {
    throw refused(DEPTH_IS_STATIC);
  }
  const { prompts, outputTokens, depthTokens } = request;
  if (outputTokens.length !== prompts.length) {
    throw refused({
      en: `${prompts.length} prompts but ${outputTokens.length} output lengths`,
      ja: `プロンプト ${prompts.length} 個に出力長 ${outputTokens.length} 個`,
    });
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
    throw refused({
      en: `${prompts.length} prompts but ${continuations.length} continuations`,
      ja: `プロンプト ${prompts.length} 個に続き ${continuations.length} 個`,
    });
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
    throw refused({
      en: `token ${outside} is outside the vocabulary of ${vocabularySize}`,
      ja: `トークン ${outside} は語彙（${vocabularySize}）の外です`,
    });
  }
}

interface Positions {
  readonly count: number;
  readonly whose: Words;
}

/** A graph may hold rotary tables for fewer positions than the model has: as many as the load asked for. */
const positionsOf = ({ shape, variant }: LoadedModel): Positions =>
  variant.positions === undefined
    ? { count: shape.maximumPositions, whose: { en: 'the model has', ja: 'モデル' } }
    : { count: variant.positions, whose: { en: 'it was loaded with', ja: 'ロード時の指定' } };

function checkPositions(positions: number, { count, whose }: Positions): void {
  if (positions > count) {
    throw refused({
      en: `${positions} tokens of context, but ${whose.en} ${count} positions`,
      ja: `文脈は ${positions} トークンですが、位置は ${count} までです（${whose.ja}）`,
    });
  }
}

const DEPTH_IS_STATIC: Words = { en: 'a depth needs static batching', ja: '深さには静的バッチが必要です' };

const refused = (message: Words): FailureError => new FailureError({ cause: 'unsupported', message });

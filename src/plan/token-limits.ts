/** What prompts and limits need of a planned model. */
import { type Maybe, missing, present } from '../kernel/maybe.ts';
import type { TokenLimits } from '../models/shape.ts';
import type { FeasibleModel, PlanModel } from './plan.ts';

/** The limits of `model`; missing where a model file does not name a size, so no prompt can be made for it. */
export function tokenLimits(model: FeasibleModel): Maybe<TokenLimits> {
  if (model.kind === 'checkpoint') return present(model.shape);
  const { sizes, bosTokenId, eosTokenId, otherEosTokenIds } = model.file;
  const { vocabularySize, maximumPositions } = sizes;
  if (vocabularySize === undefined)
    return missing({
      en: 'the file does not say how many tokens it knows',
      ja: 'ファイルに語彙の大きさが書かれていません',
    });
  if (maximumPositions === undefined)
    return missing({
      en: 'the file does not say how many positions it has',
      ja: 'ファイルに位置の数が書かれていません',
    });
  return present({
    vocabularySize,
    maximumPositions,
    bosTokenId,
    eosTokenId,
    ...(otherEosTokenIds === undefined ? {} : { otherEosTokenIds }),
  });
}

/** The limits of a model that has planned cells: the plan has made sure that they are known. */
export function knownLimits(model: PlanModel): TokenLimits {
  const limits = tokenLimits(model);
  if (limits.kind === 'missing') throw new RangeError(`${model.name} was planned, but ${limits.reason.en}`);
  return limits.value;
}

/** Which tokens end a text: a config names one, or several where a model also ends its turn of a chat. */
import type { ModelShape } from './shape.ts';

export type EndOfText = Pick<ModelShape, 'eosTokenId' | 'otherEosTokenIds'>;

/** As part of a shape, from what a config or a model file names; each token once. */
export function endOfText(named: number | readonly number[] | null | undefined): EndOfText {
  const [eosTokenId, ...otherEosTokenIds] = new Set(typeof named === 'number' ? [named] : (named ?? []));
  return { eosTokenId, ...(otherEosTokenIds.length === 0 ? {} : { otherEosTokenIds }) };
}

/** All of them; empty where the model names none. */
export const endOfTextTokens = ({ eosTokenId, otherEosTokenIds = [] }: EndOfText): number[] =>
  eosTokenId === undefined ? [] : [eosTokenId, ...otherEosTokenIds];

/** As config.json writes them: nothing, one, or a list. */
export function endOfTextConfig(model: EndOfText): number | number[] | null {
  const [first, ...others] = endOfTextTokens(model);
  return first === undefined ? null : others.length === 0 ? first : [first, ...others];
}

/** Where a model's prompts come from: seeded token ids, or a text cut by its tokenizer. One interface for both. */
import type { PromptForm } from './prompt-form.ts';
import { type TokenIdPromptsInit, tokenIdPrompts } from './prompts.ts';
import type { PromptText } from './text-file.ts';
import { textPrompts } from './text-prompts.ts';

export type PromptWish = Pick<TokenIdPromptsInit, 'count' | 'lengths' | 'inputTokens' | 'seed'>;

export interface PromptSet {
  /** By sequence. */
  readonly ids: readonly (readonly number[])[];
  /** The texts that encode to them, where they were cut from one. */
  readonly texts: readonly string[] | undefined;
}

export interface PromptSource {
  /** Prompt i is the same whatever `count`. @throws HayasaError `text/too-short`, `text/vocabulary-too-small` */
  prompts(wish: PromptWish): PromptSet;
}

/** Seeded ids out of a vocabulary. */
export const tokenIdSource = (
  vocabulary: Pick<TokenIdPromptsInit, 'vocabularySize' | 'reservedTokens'>,
): PromptSource => ({
  prompts: (wish) => ({ ids: tokenIdPrompts({ ...vocabulary, ...wish }), texts: undefined }),
});

/** Cut out of `source` and put into `form`; prompts of a shape are cut once, as many as the largest wish asked for. */
export function textSource(form: PromptForm, source: PromptText): PromptSource {
  const known = new Map<string, PromptSet & { readonly texts: readonly string[] }>();
  return {
    prompts: (wish) => {
      const { count, lengths, inputTokens, seed } = wish;
      const key = `${lengths} ${inputTokens} ${seed}`;
      let set = known.get(key);
      if (set === undefined || set.ids.length < count) {
        const cut = textPrompts({ ...wish, form, source });
        set = { ids: cut.map(({ ids }) => ids), texts: cut.map(({ text }) => text) };
        known.set(key, set);
      }
      return { ids: set.ids.slice(0, count), texts: set.texts.slice(0, count) };
    },
  };
}

/**
 * How a piece of a text becomes a prompt: as it is, or as what a user says in the model's chat template. Both give the ids
 * that the model is fed and the text that encodes to them.
 */
import { type Maybe, missing, present } from '../kernel/maybe.ts';
import type { ChatTemplate } from './chat-template.ts';
import type { TextTokenizer } from './text-tokenizer.ts';

export interface FormedPrompt {
  /** The begin-of-text token included, where the tokenizer puts one before a text. */
  readonly ids: number[];
  /** What is fed, a chat template around the piece included. */
  readonly text: string;
}

export interface PromptForm {
  readonly kind: 'text' | 'chat';
  /** Tokens of a prompt beside those of its piece: the begin-of-text token, or the template around one letter. */
  readonly ownTokens: number;
  /** @throws HayasaError `text/chat-template` where the template cannot take the piece */
  promptOf(piece: string): FormedPrompt;
}

/** The piece as it is, as the tokenizer prepares a text for its model. */
export const textForm = ({ prefixTokens, encode }: TextTokenizer): PromptForm => ({
  kind: 'text',
  ownTokens: prefixTokens.length,
  promptOf: (piece) => ({ ids: [...prefixTokens, ...encode(piece)], text: piece }),
});

/** A message of one letter, which no template trims and every tokenizer knows. */
const LETTER = 'a';

/**
 * The piece as the only message, a user's, in `template`, up to where the model answers; or why that cannot be. The template
 * writes the begin-of-text token itself where it wants one.
 * @throws HayasaError `text/chat-template`
 */
export function chatForm(tokenizer: TextTokenizer, template: Maybe<ChatTemplate>): Maybe<PromptForm> {
  if (template.kind === 'missing') return template;
  if (!tokenizer.readsSpecialTokens)
    return missing({
      en: `its ${tokenizer.kind} does not read the special tokens that a chat template writes`,
      ja: `${tokenizer.kind} は、チャットテンプレートが書く特殊トークンを読みません`,
    });
  const promptOf = (piece: string): FormedPrompt => {
    const text = template.value.render([{ role: 'user', content: piece }]);
    return { ids: tokenizer.encode(text), text };
  };
  const ownTokens = promptOf(LETTER).ids.length - tokenizer.encode(LETTER).length;
  return present({ kind: 'chat', ownTokens, promptOf });
}

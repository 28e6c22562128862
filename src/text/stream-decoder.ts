/**
 * Text of tokens as they come: a character that is cut between two tokens waits for its rest. A window of the last
 * tokens is decoded twice, with and without the newest ones, and what the longer text adds is new: so spaces and byte
 * runs come out as they do in the whole text.
 */
import type { TextTokenizer } from './text-tokenizer.ts';

export interface StreamDecoder {
  /** Takes the next tokens; the text that they complete, maybe empty. */
  push(tokens: readonly number[]): string;
  /** What is still held back: a cut character, as U+FFFD. */
  end(): string;
}

/** Mark of a character that is not whole. */
const REPLACEMENT = '\uFFFD';

export function streamDecoder({ decode }: Pick<TextTokenizer, 'decode'>): StreamDecoder {
  /** Tokens whose text came out last: the window's start. */
  let context: number[] = [];
  /** Tokens whose text has not come out. */
  let held: number[] = [];
  const added = (): string => decode([...context, ...held]).slice(decode(context).length);
  const release = (text: string): string => {
    context = held;
    held = [];
    return text;
  };
  return {
    push: (tokens) => {
      held.push(...tokens);
      const text = added();
      return text === '' || text.endsWith(REPLACEMENT) ? '' : release(text);
    },
    end: () => (held.length === 0 ? '' : release(added())),
  };
}

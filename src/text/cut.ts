/**
 * Cutting a prompt of an exact number of tokens out of a text, so that encoding the prompt's text gives exactly its ids;
 * what a chat template puts around the piece counts with it. The text is a ring: after its end it goes on from its beginning, so that a prompt can start anywhere.
 * Positions are UTF-16 units; no cut falls inside a surrogate pair.
 */
import type { FormedPrompt, PromptForm } from './prompt-form.ts';

export type Cut =
  | { readonly kind: 'prompt'; readonly prompt: FormedPrompt }
  /** The whole text, once around, has fewer tokens. */
  | { readonly kind: 'too-short'; readonly tokens: number }
  /** No end gives exactly this number: one more character adds several tokens. */
  | { readonly kind: 'no-such-end' };

/** Characters per token of the first guess: Japanese with a tokenizer made for it. */
const FIRST_GUESS = 2;
/** Ends tried beyond the bracket: the count may fall again when a further character completes a longer piece. */
const NEIGHBOURS = 12;

/** The prompt of `tokens` tokens, those of its form included, whose piece starts at `start`. */
export function cutPrompt(
  { ownTokens, promptOf }: Pick<PromptForm, 'ownTokens' | 'promptOf'>,
  text: string,
  start: number,
  tokens: number,
): Cut {
  const wanted = tokens - ownTokens;
  if (wanted < 1) return { kind: 'no-such-end' };
  const tried = new Map<number, FormedPrompt>();
  const formed = (length: number): FormedPrompt => {
    const known = tried.get(length) ?? promptOf(ringSlice(text, start, length));
    tried.set(length, known);
    return known;
  };
  const end = findLength(text, start, wanted, (length) => formed(length).ids.length - ownTokens);
  return typeof end === 'number' ? { kind: 'prompt', prompt: formed(end) } : end;
}

/** Brackets the length whose count is `wanted`, then looks around the bracket. */
function findLength(
  text: string,
  start: number,
  wanted: number,
  count: (length: number) => number,
): number | Exclude<Cut, { kind: 'prompt' }> {
  let low = 0;
  let high = text.length;
  let isLongEnough = false;
  let length = wholeLength(text, start, Math.min(text.length, Math.ceil(wanted * FIRST_GUESS)));
  for (;;) {
    const tokens = count(length);
    if (tokens === wanted) return length;
    if (tokens < wanted) {
      if (length >= text.length) return { kind: 'too-short', tokens };
      low = length;
    } else {
      high = length;
      isLongEnough = true;
    }
    if (high - low <= 2) break;
    // As many characters per token as so far, but inside the bracket.
    const guess = tokens <= 0 ? (low + high) / 2 : Math.round((length * wanted) / tokens);
    length = wholeLength(text, start, Math.min(high - 1, Math.max(low + 1, guess)));
    if (length === low || length === high) break;
  }
  for (let step = -NEIGHBOURS; step <= NEIGHBOURS; step += 1) {
    const near = wholeLength(text, start, low + step);
    if (near > 0 && near <= text.length && count(near) === wanted) return near;
  }
  // A long text is not encoded whole for a sentence that cannot be cut.
  const whole = isLongEnough ? wanted : count(text.length);
  return whole < wanted ? { kind: 'too-short', tokens: whole } : { kind: 'no-such-end' };
}

function ringSlice(text: string, start: number, length: number): string {
  const head = text.slice(start, start + length);
  return head + text.slice(0, length - head.length);
}

/** `length`, one more where it would end between the halves of a surrogate pair. */
function wholeLength(text: string, start: number, length: number): number {
  const next = text.charCodeAt((start + length) % text.length);
  return next >= 0xdc_00 && next <= 0xdf_ff && length > 0 ? length + 1 : length;
}

/**
 * What a tokenizer does to a text: how many tokens, of which size, how fast, and whether the text comes back unchanged.
 * The text is worked through in pieces with a pause between them, so that progress can be shown; a piece ends at a line
 * end where it can, so that a count may differ from that of the whole text by a token at such an end.
 */
import type { Clock } from '../host/host.ts';
import { countCharacters } from './characters.ts';
import { chunks } from './chunks.ts';
import { streamDecoder } from './stream-decoder.ts';
import type { TextTokenizer } from './text-tokenizer.ts';

export interface TokenSurvey {
  /** Unicode code points. */
  readonly characters: number;
  readonly bytes: number;
  readonly tokens: number;
  /** Different token ids that occur. */
  readonly distinctTokens: number;
  /** Time of the tokenizer alone: no decoding, no pauses. */
  readonly elapsed_ns: number;
  /** Characters in pieces that decode to another text than they were: normalised, or unknown to the vocabulary. */
  readonly changedCharacters: number;
}

/** `onProgress` gets the share that is done, after each piece. */
export async function surveyTokens(
  tokenizer: TextTokenizer,
  text: string,
  clock: Pick<Clock, 'monotonic_ns' | 'sleep'>,
  onProgress: (fraction: number) => void,
): Promise<TokenSurvey> {
  const distinct = new Set<number>();
  let [characters, bytes, tokens, elapsed_ns, changedCharacters, done] = [0, 0, 0, 0, 0, 0];
  tokenizer.clearCache();
  for (const chunk of chunks(text)) {
    const begin_ns = clock.monotonic_ns();
    const ids = tokenizer.encode(chunk);
    elapsed_ns += Number(clock.monotonic_ns() - begin_ns);
    const count = countCharacters(chunk);
    characters += count;
    bytes += Buffer.byteLength(chunk, 'utf8');
    tokens += ids.length;
    for (const id of ids) distinct.add(id);
    if (tokenizer.decode(ids) !== chunk) changedCharacters += changedLines(tokenizer, chunk);
    done += chunk.length;
    onProgress(done / text.length);
    await clock.sleep(0);
  }
  return { characters, bytes, tokens, distinctTokens: distinct.size, elapsed_ns, changedCharacters };
}

/** Characters of the lines that do not come back as they were. */
function changedLines({ encode, decode }: TextTokenizer, chunk: string): number {
  return chunk
    .split('\n')
    .filter((line) => decode(encode(line)) !== line)
    .reduce((sum, line) => sum + countCharacters(line), 0);
}

/** A stretch of text and the number of tokens that it is: more than one where a character is cut. */
export interface TokenPiece {
  readonly text: string;
  readonly tokens: number;
}

/** How `text` is cut, as far as it can be shown: tokens that share a character stand together. */
export function tokenPieces(tokenizer: TextTokenizer, text: string): TokenPiece[] {
  const decoder = streamDecoder(tokenizer);
  const pieces: TokenPiece[] = [];
  let tokens = 0;
  for (const id of tokenizer.encode(text)) {
    tokens += 1;
    const out = decoder.push([id]);
    if (out === '') continue;
    pieces.push({ text: out, tokens });
    tokens = 0;
  }
  const rest = decoder.end();
  return tokens === 0 ? pieces : [...pieces, { text: rest, tokens }];
}

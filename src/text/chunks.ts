/** A long text in pieces, so that whoever works through it can do something else between two of them. */

/** Characters (UTF-16 units) of a piece at most: some tens of milliseconds for the slowest tokenizer. */
const CHUNK_LENGTH = 4096;
/** Where a piece may end inside a line, the best first. */
const SENTENCE_ENDS = ['。', '！', '？', '. ', '、', ' '];

/**
 * Pieces that add up to `text`. Each ends after a line, else after a sentence, else at the limit; never inside a
 * surrogate pair.
 */
export function* chunks(text: string, limit = CHUNK_LENGTH): Generator<string> {
  for (let start = 0; start < text.length; ) {
    const end = text.length - start <= limit ? text.length : start + endOf(text.slice(start, start + limit));
    yield text.slice(start, end);
    start = end;
  }
}

function endOf(piece: string): number {
  const line = piece.lastIndexOf('\n') + 1;
  if (line > 0) return line;
  for (const mark of SENTENCE_ENDS) {
    const at = piece.lastIndexOf(mark);
    if (at > 0) return at + mark.length;
  }
  const last = piece.charCodeAt(piece.length - 1);
  return last >= 0xd8_00 && last <= 0xdb_ff && piece.length > 1 ? piece.length - 1 : piece.length;
}

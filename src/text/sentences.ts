/** Where sentences and lines of a text begin: the places that prompts may start from. */

/** The end of a sentence with its closing marks, or of a line, and the blanks after it. */
const BOUNDARY = /(?:[。！？!?]+[」』）”’)\]"']*|[.．]["')\]]*(?=\s)|[\n\r])\s*/gu;

/** Positions (UTF-16 units) in ascending order; each has a character that is not blank. */
export function sentenceStarts(text: string): number[] {
  const first = text.search(/\S/u);
  const starts = first === -1 ? [] : [first];
  for (const match of text.matchAll(BOUNDARY)) {
    const start = match.index + match[0].length;
    if (start > (starts.at(-1) ?? 0) && start < text.length) starts.push(start);
  }
  return starts;
}

/**
 * Text into lines of a width in columns. Japanese has no blanks to break at: it breaks between words as `Intl.Segmenter`
 * finds them, and never before a mark that closes (kinsoku). wrap-ansi knows neither.
 */
import stringWidth from 'string-width';

const SEGMENTER = new Intl.Segmenter('ja', { granularity: 'word' });
/** May not begin a line. */
const CLOSING = /^[、。，．）」』】〉》:;,.!?％%ー]/u;
/** May not end a line. */
const OPENING = /[（「『【〈《([]$/u;
const WIDE = /[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]/u;

/** Lines of at most `width` columns where its parts are no wider. */
export const wrap = (text: string, width: number): string =>
  text
    .split('\n')
    .flatMap((line) => wrapLine(line, width))
    .join('\n');

function wrapLine(line: string, width: number): string[] {
  const lines: string[] = [];
  let now = '';
  for (const part of parts(line)) {
    if (now !== '' && stringWidth(now + part.trimEnd()) > width) {
      lines.push(now.trimEnd());
      now = part.trimStart();
    } else now += part;
  }
  return [...lines, now.trimEnd()];
}

/** What may not be broken; blanks stand before the word that they precede. */
function parts(line: string): string[] {
  const result: string[] = [];
  for (const { segment } of SEGMENTER.segment(line)) {
    const last = result.at(-1);
    if (last !== undefined && !mayBreak(last, segment)) result[result.length - 1] = last + segment;
    else result.push(segment);
  }
  return result;
}

/** At a blank, or where Japanese meets anything. */
function mayBreak(before: string, after: string): boolean {
  if (/^\s/.test(after)) return !/\s$/.test(before);
  if (/^\s+$/.test(before) || CLOSING.test(after) || OPENING.test(before)) return false;
  return WIDE.test(before.slice(-1)) || WIDE.test(after.slice(0, 1));
}

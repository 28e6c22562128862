/**
 * A file of Aozora Bunko into plain text for prompts: without header and colophon, readings and editor's notes.
 * The marks are those of the manual of Aozora Bunko (annotation/): 《reading》, ｜ before what a reading belongs to,
 * ［＃note］, ※［＃description, code］ for a character that Shift_JIS lacks, ／＼ for a vertical iteration mark.
 * What this does not do: accents in 〔e'〕 stay as they are.
 */
import { gaijiCharacter } from './gaiji.ts';

export interface CleanedText {
  readonly text: string;
  readonly removed: {
    /** Lines before the body: title, author, the table of marks. */
    readonly headerLines: number;
    /** Lines from `底本：` on. */
    readonly colophonLines: number;
    readonly readings: number;
    readonly notes: number;
  };
  /** Characters that were described by a note and are now written as themselves. */
  readonly resolvedCharacters: number;
  /** Described characters that have no code here: each is written as `〓`. */
  readonly unresolved: readonly string[];
}

/** Stands for a character that cannot be set, as in Japanese printing. */
const GETA = '〓';
/** A note may hold one described character in its text. */
const NOTE = '［＃(?:[^［］]|［[^［］]*］)*］';
const MARKS = new RegExp(`※?${NOTE}|《[^《》\\n]*》|｜|／″＼|／＼`, 'gu');
const RULE = /^-{10,}$/;

/** Pure. A text without any of these marks comes back as it was, but for blank lines in a row. */
export function cleanAozora(source: string): CleanedText {
  const lines = source.replaceAll('\r\n', '\n').replace(/\n$/, '').split('\n');
  const colophon = lines.findIndex((line) => line.startsWith('底本：'));
  const bodyEnd = colophon === -1 ? lines.length : colophon;
  const bodyStart = startOfBody(lines.slice(0, bodyEnd), colophon !== -1);
  let [readings, notes, resolvedCharacters] = [0, 0, 0];
  const unresolved: string[] = [];

  const replaced = (mark: string): string => {
    if (mark.startsWith('※')) {
      const character = gaijiCharacter(mark);
      if (character === undefined) unresolved.push(mark);
      else resolvedCharacters += 1;
      return character ?? GETA;
    }
    if (mark.startsWith('／')) return mark === '／＼' ? '〳〵' : '〴〵';
    if (mark.startsWith('［')) notes += 1;
    if (mark.startsWith('《')) readings += 1;
    return '';
  };
  const kept = lines.slice(bodyStart, bodyEnd).flatMap((line) => {
    const clean = line.replaceAll(MARKS, replaced).trimEnd();
    // A line of notes alone leaves nothing behind, not even a blank line.
    return clean.trim() === '' && line.trim() !== '' ? [] : [clean];
  });
  return {
    text: withoutBlankRuns(kept),
    removed: { headerLines: bodyStart, colophonLines: lines.length - bodyEnd, readings, notes },
    resolvedCharacters,
    unresolved,
  };
}

/**
 * The line after the table of marks, which stands between two rules. Without a table, title and author end at the first
 * blank line; that is believed only of a file that a colophon shows to be one of Aozora Bunko.
 */
function startOfBody(lines: readonly string[], hasColophon: boolean): number {
  const rules = lines.flatMap((line, index) => (RULE.test(line) ? [index] : []));
  const [, second] = rules;
  if (second !== undefined) return second + 1;
  return hasColophon ? lines.findIndex((line) => line.trim() === '') + 1 : 0;
}

/** No blank lines at the start and the end, no two in a row. */
function withoutBlankRuns(lines: readonly string[]): string {
  const kept = lines.filter((line, i) => line !== '' || (lines[i - 1] ?? '') !== '');
  const text = kept.join('\n').replace(/^\n+|\n+$/g, '');
  return text === '' ? '' : `${text}\n`;
}

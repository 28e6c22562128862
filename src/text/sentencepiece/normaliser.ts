/**
 * SentencePiece's normaliser: the character map over the longest runs, spaces removed or kept, spaces written as U+2581,
 * and one put before the first word. Symbols of the user pass unchanged.
 * Source of the rules: sentencepiece, src/normalizer.cc.
 */
import { characterMap } from '../character-map.ts';
import type { NormaliserSettings } from './model-file.ts';

/** How SentencePiece writes a space. */
export const SPACE_MARK = '\u2581';

/** `userDefined` are symbols that are never changed, and never cut. */
export function sentencePieceNormaliser(
  settings: NormaliserSettings,
  userDefined: readonly string[],
): (text: string) => string {
  const { addDummyPrefix, removeExtraWhitespaces, escapeWhitespaces, whitespaceIsSuffix } = settings;
  const map = characterMap(settings.characterMap);
  const symbols = userDefined.map((symbol) => Buffer.from(symbol, 'utf8'));
  symbols.sort((a, b) => b.length - a.length);
  const space = escapeWhitespaces ? SPACE_MARK : ' ';

  /** What stands at `bytes[at..]`, changed, and how many bytes it was. */
  const next = (bytes: Buffer, at: number): { readonly text: string; readonly length: number } => {
    const symbol = symbols.find((one) => bytes.subarray(at, at + one.length).equals(one));
    if (symbol !== undefined) return { text: symbol.toString('utf8'), length: symbol.length };
    const replaced = map?.longest(bytes, at);
    if (replaced !== undefined) return replaced;
    const length = characterBytes(bytes[at] ?? 0);
    return { text: bytes.toString('utf8', at, at + length), length };
  };

  return (text) => {
    const bytes = Buffer.from(text, 'utf8');
    const parts: string[] = [];
    let afterSpace = removeExtraWhitespaces;
    for (let at = 0; at < bytes.length; ) {
      const { text: changed, length } = next(bytes, at);
      at += length;
      const kept = afterSpace ? changed.replace(/^ +/, '') : changed;
      if (kept === '') continue;
      parts.push(kept);
      afterSpace = removeExtraWhitespaces && kept.endsWith(' ');
    }
    let joined = parts.join('');
    if (removeExtraWhitespaces) joined = joined.replace(/ +$/, '');
    if (joined === '' && (removeExtraWhitespaces || text === '')) return '';
    if (addDummyPrefix) joined = whitespaceIsSuffix ? `${joined} ` : ` ${joined}`;
    return joined.replaceAll(' ', space);
  };
}

/** Bytes of a character by its first byte; the text is valid UTF-8. */
function characterBytes(lead: number): number {
  if (lead < 0xc0) return 1;
  if (lead < 0xe0) return 2;
  return lead < 0xf0 ? 3 : 4;
}

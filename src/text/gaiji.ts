/**
 * The character that a note of Aozora Bunko describes: `※［＃「口＋喜」、U+563B、12-3］` by its Unicode, or
 * `※［＃始め二重山括弧、1-1-52］` by plane, row and cell of JIS X 0213. Rows that JIS X 0208 has too are decoded as EUC-JP,
 * which every Node knows; the others (third and fourth level) have no table here and stay unknown.
 */

const UNICODE = /U\+([0-9A-Fa-f]{4,6})/;
const PLANE_ROW_CELL = /(\d)-(\d{1,2})-(\d{1,2})/;
/** Row r of plane 1 is the byte 0xA0 + r. */
const ROW_BASE = 0xa0;
const eucJp = new TextDecoder('euc-jp', { fatal: true });

/** Undefined where the note gives no code that is known here. */
export function gaijiCharacter(note: string): string | undefined {
  const [, hexadecimal] = UNICODE.exec(note) ?? [];
  if (hexadecimal !== undefined) {
    const code = Number.parseInt(hexadecimal, 16);
    return code <= 0x10_ff_ff && (code < 0xd8_00 || code > 0xdf_ff) ? String.fromCodePoint(code) : undefined;
  }
  const [, plane, row, cell] = PLANE_ROW_CELL.exec(note) ?? [];
  if (plane !== '1' || row === undefined || cell === undefined) return undefined;
  try {
    return eucJp.decode(Uint8Array.from([ROW_BASE + Number(row), ROW_BASE + Number(cell)]));
  } catch {
    return undefined;
  }
}

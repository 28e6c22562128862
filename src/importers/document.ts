/** Text as a document: JSON, JSON lines, or text. Bounded: a file beyond the limits is a problem, not a crash. */
import { messageOf, type Problem } from '../kernel/errors.ts';
import type { Words } from '../kernel/language.ts';
import type { Document } from './imported.ts';

/** A longer file is refused before it is read. 10,000 requests with 256 gaps each have about this size. */
export const MAXIMUM_FILE_BYTES: number = 64 * 2 ** 20;
/** None of the formats nests deeper than ten levels; recursion over bottomless nesting would exhaust the stack. */
const MAXIMUM_NESTING = 100;

export type Opened =
  | { readonly kind: 'document'; readonly document: Document }
  | { readonly kind: 'problems'; readonly problems: readonly Problem[] };

/** Never throws. A text that begins like JSON but is not is a problem with the parser's own words. */
export function openDocument(text: string): Opened {
  const trimmed = text.replace(/^\uFEFF/, '').trim();
  if (trimmed === '') return problem({ en: 'the file is empty', ja: 'ファイルが空です' });
  if (!trimmed.startsWith('{') && !trimmed.startsWith('[')) return document({ kind: 'text', text: trimmed });
  if (isNestedTooDeep(trimmed))
    return problem({
      en: `nested more than ${MAXIMUM_NESTING} deep`,
      ja: `入れ子が ${MAXIMUM_NESTING} 段を超えています`,
    });
  const whole = tryJson(trimmed);
  if (whole.kind === 'value') return document({ kind: 'json', data: whole.value });
  const lines = trimmed.split('\n').filter((line) => line.trim() !== '');
  const first = tryJson(lines[0] ?? '');
  if (lines.length < 2 || first.kind === 'error') return problem(notJson(whole.message));
  const problems: Problem[] = [];
  const data = lines.map((line, i) => {
    const parsed = tryJson(line);
    if (parsed.kind === 'error') problems.push({ path: '', message: notJson(parsed.message), line: i + 1 });
    return parsed.kind === 'value' ? parsed.value : undefined;
  });
  return problems.length > 0 ? { kind: 'problems', problems } : document({ kind: 'json-lines', data });
}

/** Brackets inside of strings do not count. */
function isNestedTooDeep(text: string): boolean {
  let depth = 0;
  for (const [token] of text.matchAll(/"(?:[^"\\\n]|\\.)*"|[[\]{}]/g)) {
    if (token === '[' || token === '{') depth += 1;
    else if (token === ']' || token === '}') depth -= 1;
    if (depth > MAXIMUM_NESTING) return true;
  }
  return false;
}

type Parsed =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'error'; readonly message: string };

function tryJson(text: string): Parsed {
  try {
    return { kind: 'value', value: parseJson(text) };
  } catch (error) {
    return { kind: 'error', message: messageOf(error) };
  }
}

const document = (value: Document): Opened => ({ kind: 'document', document: value });
const notJson = (message: string): Words => ({
  en: `not JSON: ${message}`,
  ja: `JSON ではありません: ${message}`,
});
const problem = (message: Words): Opened => ({ kind: 'problems', problems: [{ path: '', message }] });

/** Without the sign of -0, which JSON can hold and would not give back. @throws SyntaxError */
export const parseJson = (text: string): unknown =>
  JSON.parse(text, (_key, value: unknown) => (value === 0 ? 0 : value)) as unknown;

/** A number that stands as text, -0 as 0; NaN where it is none. */
export const parseNumber = (text: string): number => (text.trim() === '' ? Number.NaN : Number(text) + 0);

/** The JSON values of a document, one or many; none for text. */
export function jsonValues(value: Document): readonly unknown[] {
  switch (value.kind) {
    case 'json':
      return [value.data];
    case 'json-lines':
      return value.data;
    case 'text':
      return [];
  }
}

/** Whether `value` is an object that has all of `keys`. */
export const hasKeys = (
  value: unknown,
  ...keys: readonly string[]
): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && keys.every((key) => Object.hasOwn(value, key));

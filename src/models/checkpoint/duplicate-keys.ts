/** Keys that stand twice in one object of a JSON text: `JSON.parse` would silently keep the last. */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * The doubled keys of `json`, at any depth, in order of appearance (each once).
 * `json` must be valid JSON: parse it first. Iterative, so that deep nesting costs no stack.
 */
export function duplicateKeys(json: string): string[] {
  const duplicates = new Set<string>();
  const scopes: (Set<string> | undefined)[] = [];
  for (let i = 0; i < json.length; i += 1) {
    switch (json.charCodeAt(i)) {
      case 0x7b: // {
        scopes.push(new Set());
        break;
      case 0x5b: // [
        scopes.push(undefined);
        break;
      case 0x7d: // }
      case 0x5d: // ]
        scopes.pop();
        break;
      case QUOTE: {
        const end = endOfString(json, i);
        if (isKey(json, end)) {
          // Escapes are undone, because "\u0061" and "a" are the same key.
          const key = String(JSON.parse(json.slice(i, end)));
          const scope = scopes.at(-1);
          if (scope?.has(key)) duplicates.add(key);
          scope?.add(key);
        }
        i = end - 1;
        break;
      }
      default:
    }
  }
  return [...duplicates];
}

/** Index behind the closing quote of the string that opens at `start`. */
function endOfString(json: string, start: number): number {
  let i = start + 1;
  while (i < json.length && json.charCodeAt(i) !== QUOTE) i += json.charCodeAt(i) === BACKSLASH ? 2 : 1;
  return i + 1;
}

/** A string is a key exactly where a colon follows. */
function isKey(json: string, end: number): boolean {
  let i = end;
  while (json[i] === ' ' || json[i] === '\n' || json[i] === '\t' || json[i] === '\r') i += 1;
  return json[i] === ':';
}

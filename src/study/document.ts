/**
 * YAML text as plain data with positions. Refused: keys that are not text, more than 100 expansions of aliases (a few
 * lines can otherwise stand for gigabytes), aliases inside of what they stand for, several documents, files above 1 MiB,
 * nesting beyond 100. Duplicate keys are a problem that leaves data: the last one counts, so that the rest can be checked.
 * Merge keys (`<<`) are ordinary, and so unknown, keys: YAML 1.2.
 */
import { isMap, isScalar, LineCounter, parseDocument } from 'yaml';
import { messageOf, type Problem } from '../kernel/errors.ts';
import { same, type Words } from '../kernel/language.ts';
import { pathText } from './problems.ts';
import { type StructureProblem, structureProblems } from './yaml-structure.ts';

const MAXIMUM_CHARACTERS = 2 ** 20;
const MAXIMUM_ALIASES = 100;
const MAXIMUM_NESTING = 100;

type Path = readonly PropertyKey[];
type Position = Pick<Problem, 'line' | 'column'>;

export type Document =
  | {
      readonly kind: 'document';
      readonly data: unknown;
      /** Duplicate keys: no study, whatever else is right. */
      readonly duplicates: readonly Problem[];
      locate(path: Path): Position;
    }
  | { readonly kind: 'problems'; readonly problems: readonly Problem[] };

/** The data of `text`, or every problem that the YAML itself has. Never throws. */
export function parseYaml(text: string): Document {
  const limit = limitProblem(text);
  if (limit !== undefined) return { kind: 'problems', problems: [{ path: '', message: limit }] };
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    // Ours to find: the library says neither which key nor where the other stands.
    uniqueKeys: false,
    stringKeys: true,
    merge: false,
  });
  const faults = [...document.errors, ...document.warnings];
  if (faults.length > 0) {
    const problems = faults.map((fault) => ({
      path: '',
      message: same(fault.message.split('\n')[0]?.replace(/ at line \d+, column \d+:?$/, '') ?? fault.code),
      ...position(lines, fault.pos[0]),
    }));
    return { kind: 'problems', problems };
  }
  const structure = structureProblems(document);
  const problemOf = (one: StructureProblem): Problem => structureProblem(one, lines);
  const endless = structure.filter(({ kind }) => kind === 'endless-alias');
  if (endless.length > 0) return { kind: 'problems', problems: structure.map(problemOf) };
  try {
    const data: unknown = document.toJS({ maxAliasCount: MAXIMUM_ALIASES });
    const duplicates = structure.map(problemOf);
    return { kind: 'document', data, duplicates, locate: (path) => locate(document, lines, path) };
  } catch (error) {
    return { kind: 'problems', problems: [{ path: '', message: same(messageOf(error)) }] };
  }
}

const ENDLESS_ALIAS: Words = {
  en: 'an alias inside of what it stands for',
  ja: 'エイリアスが、それ自身の指すものの中にあります',
};

function structureProblem(
  { kind, path, offset, first, value }: StructureProblem,
  lines: LineCounter,
): Problem {
  const place = { path: pathText(path), ...position(lines, offset) };
  if (kind === 'endless-alias') return { ...place, message: ENDLESS_ALIAS };
  const earlier = position(lines, first ?? 0).line;
  return {
    ...place,
    message: {
      en: `the key stands twice, first in line ${earlier}`,
      ja: `キーが二度あります。最初は ${earlier} 行目です`,
    },
    ...(value === undefined ? {} : { value }),
  };
}

/** Flow brackets or block indentation deeper than any study needs would exhaust the parser's stack. */
function limitProblem(text: string): Words | undefined {
  if (text.length > MAXIMUM_CHARACTERS)
    return {
      en: `longer than ${MAXIMUM_CHARACTERS} characters`,
      ja: `${MAXIMUM_CHARACTERS} 文字を超えています`,
    };
  let depth = 0;
  let deepest = 0;
  for (const character of text) {
    if (character === '[' || character === '{') deepest = Math.max(deepest, ++depth);
    else if (character === ']' || character === '}') depth = Math.max(0, depth - 1);
  }
  const blocks = Math.max(
    0,
    ...[...text.matchAll(/^(?:\s*[-?:] ?)+/gm)].map(([dashes]) => dashes.length / 2),
  );
  return Math.max(deepest, blocks) > MAXIMUM_NESTING
    ? { en: `nested more than ${MAXIMUM_NESTING} deep`, ja: `入れ子が ${MAXIMUM_NESTING} 段を超えています` }
    : undefined;
}

/** Where the key (or entry) of `path` starts; the nearest place that exists where it does not. */
function locate(document: ReturnType<typeof parseDocument>, lines: LineCounter, path: Path): Position {
  for (let length = path.length; length > 0; length -= 1) {
    const keys = path.slice(0, length);
    const parent: unknown = length === 1 ? document.contents : document.getIn(keys.slice(0, -1), true);
    const last = keys[length - 1];
    const key = isMap(parent)
      ? parent.items.findLast(({ key: candidate }) => isScalar(candidate) && candidate.value === last)?.key
      : document.getIn(keys, true);
    const offset = rangeStart(key);
    if (offset !== undefined) return position(lines, offset);
  }
  return {};
}

function rangeStart(node: unknown): number | undefined {
  if (typeof node !== 'object' || node === null || !('range' in node)) return undefined;
  return Array.isArray(node.range) ? (node.range[0] as number) : undefined;
}

function position(lines: LineCounter, offset: number): Position {
  const { line, col } = lines.linePos(offset);
  return line === 0 ? {} : { line, column: col };
}

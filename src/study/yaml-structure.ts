/**
 * What is wrong with the structure of a YAML document though each part of it is right: keys that stand twice in one
 * mapping, and aliases inside of what they stand for. Each with its path, so that the rest is checked all the same.
 */
import { type Document, isAlias, isMap, isScalar, isSeq } from 'yaml';

type Path = readonly PropertyKey[];

export interface StructureProblem {
  readonly kind: 'repeated-key' | 'endless-alias';
  readonly path: Path;
  /** Offset of the key or alias in the text. */
  readonly offset: number;
  /** For a repeated key: offset of the first, and the value of this one where it is a single one. */
  readonly first?: number;
  readonly value?: string;
}

/** Every such problem, in the order of the text. Aliases are not followed: the work is bounded by the text's length. */
export function structureProblems({ contents }: Document): readonly StructureProblem[] {
  const problems: StructureProblem[] = [];
  const walk = (node: unknown, path: Path, anchors: readonly string[]): void => {
    // An alias stands for something that begins before it: for something endless only where it lies inside.
    if (isAlias(node)) {
      if (anchors.includes(node.source))
        problems.push({ kind: 'endless-alias', path, offset: startOf(node) });
      return;
    }
    const inside =
      (isMap(node) || isSeq(node)) && node.anchor !== undefined ? [...anchors, node.anchor] : anchors;
    if (isSeq(node)) {
      node.items.forEach((item, index) => {
        walk(item, [...path, index], inside);
      });
      return;
    }
    if (!isMap(node)) return;
    const firsts = new Map<string, number>();
    for (const { key, value } of node.items) {
      const name = isScalar(key) ? String(key.value) : '';
      const offset = startOf(key);
      const first = firsts.get(name);
      if (first === undefined) firsts.set(name, offset);
      else
        problems.push({ kind: 'repeated-key', path: [...path, name], offset, first, ...scalarText(value) });
      walk(value, [...path, name], inside);
    }
  };
  walk(contents, [], []);
  return problems;
}

const scalarText = (node: unknown): { readonly value?: string } =>
  isScalar(node) ? { value: String(node.value) } : {};

function startOf(node: unknown): number {
  if (typeof node !== 'object' || node === null || !('range' in node) || !Array.isArray(node.range)) return 0;
  return node.range[0] as number;
}

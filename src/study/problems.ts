/** zod's issues as problems that a user can act on: path, value, what is allowed, the nearest name, the position. */

import type { z } from 'zod';
import type { Problem } from '../kernel/errors.ts';
import { issueWords } from '../kernel/issue-words.ts';
import { same, type Words } from '../kernel/language.ts';
import type { ProblemParameters } from './add-problem.ts';
import { nearest } from './value-field.ts';

type Path = readonly PropertyKey[];
type Issue = z.core.$ZodIssue;

interface Context extends Place {
  /** The JSON schema of the input: it knows which keys stand where. */
  readonly jsonSchema: unknown;
}

interface Place {
  readonly data: unknown;
  locate(path: Path): Pick<Problem, 'line' | 'column'>;
}

/** Problems that were found after the file's form was right. */
export const placedProblems = (
  issues: readonly { readonly path: Path; readonly message: Words }[],
  place: Place,
): Problem[] => inFileOrder(issues.map(({ path, message }) => problem(path, message, place, {})));

/** Every issue as one or more problems, in file order where positions are known. */
export function problemsOf(issues: readonly Issue[], context: Context): Problem[] {
  const problems = issues.flatMap((issue) => translate(issue, [], context));
  return inFileOrder(problems);
}

/** The order of their lines; those without a line come first. */
export const inFileOrder = (problems: readonly Problem[]): Problem[] =>
  [...problems].sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));

function translate(issue: Issue, prefix: Path, context: Context): Problem[] {
  const path = [...prefix, ...issue.path];
  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = keysAt(context.jsonSchema, path);
      return issue.keys.map((key) =>
        problem(
          [...path, key],
          { en: `unknown key "${key}"`, ja: `未知のキー "${key}"` },
          context,
          hintsOf(known, key),
        ),
      );
    }
    case 'invalid_union': {
      const [kind] =
        'discriminator' in issue && typeof issue.discriminator === 'string' ? [issue.discriminator] : [];
      if (kind !== undefined) {
        const value = at(context.data, path);
        const known = constantsAt(context.jsonSchema, path);
        return [
          problem(
            path,
            value === undefined
              ? { en: 'is missing', ja: '必要です' }
              : { en: `unknown ${kind}`, ja: `未知の ${kind}` },
            context,
            hintsOf(known, value),
          ),
        ];
      }
      const branch = bestBranch(issue.errors);
      if (branch !== undefined) return branch.flatMap((inner) => translate(inner, path, context));
      return [
        problem(
          path,
          { en: 'none of the forms that are allowed here', ja: 'ここで使える形のどれでもありません' },
          context,
          {
            allowed: same(expected(issue.errors)),
          },
        ),
      ];
    }
    case 'invalid_value':
      return [
        problem(
          path,
          { en: 'not an allowed value', ja: '使える値ではありません' },
          context,
          hintsOf(issue.values.map(String), at(context.data, path)),
        ),
      ];
    case 'invalid_type':
      return at(context.data, path) === undefined
        ? [problem(path, { en: 'is missing', ja: '必要です' }, context, { allowed: same(issue.expected) })]
        : [
            problem(
              path,
              { en: `expected ${issue.expected}`, ja: `${issue.expected} であるべきです` },
              context,
              {},
            ),
          ];
    case 'too_small':
      return [
        problem(path, { en: 'too small', ja: '小さすぎます' }, context, {
          allowed: { en: `at least ${issue.minimum}`, ja: `${issue.minimum} 以上` },
        }),
      ];
    case 'too_big':
      return [
        problem(path, { en: 'too large', ja: '大きすぎます' }, context, {
          allowed: { en: `at most ${issue.maximum}`, ja: `${issue.maximum} 以下` },
        }),
      ];
    case 'custom': {
      const { words, allowed, didYouMean } = (issue.params ?? {}) as ProblemParameters;
      const missing = at(context.data, path) === undefined && path.length > 0;
      return [
        problem(
          path,
          missing ? { en: 'is missing', ja: '必要です' } : (words ?? same(issue.message)),
          context,
          {
            ...(allowed === undefined || allowed.en === '' ? {} : { allowed }),
            ...(didYouMean === undefined ? {} : { didYouMean }),
          },
        ),
      ];
    }
    case 'invalid_format':
    case 'invalid_key':
    case 'invalid_element':
    case 'not_multiple_of':
      return [problem(path, issueWords(issue), context, {})];
  }
}

function problem(
  path: Path,
  message: Words,
  context: Place,
  hints: Pick<Problem, 'allowed' | 'didYouMean'>,
): Problem {
  const value = at(context.data, path);
  return {
    path: pathText(path),
    message,
    ...(value === undefined ? {} : { value: shown(value) }),
    ...hints,
    ...context.locate(path),
  };
}

/** `engines[1].options.threads` */
export const pathText = (path: Path): string =>
  path
    .map((key, i) => (typeof key === 'number' ? `[${key}]` : `${i === 0 ? '' : '.'}${String(key)}`))
    .join('');

function hintsOf(names: readonly string[], value: unknown): Pick<Problem, 'allowed' | 'didYouMean'> {
  const near = typeof value === 'string' ? nearest(value, names) : undefined;
  return {
    ...(names.length === 0 ? {} : { allowed: same(names.join(', ')) }),
    ...(near === undefined ? {} : { didYouMean: near }),
  };
}

/** The form that the user evidently meant: the one whose own type fits, the deepest where several do. */
function bestBranch(branches: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const fitting = branches.filter((branch) => !branch.some(refusesType));
  const depth = (branch: readonly Issue[]): number => Math.max(0, ...branch.map(({ path }) => path.length));
  return [...fitting].sort((a, b) => depth(b) - depth(a))[0];
}

/** Whether the issue says that the value as a whole is of another type. */
const refusesType = (issue: Issue): boolean =>
  issue.path.length === 0 &&
  (issue.code === 'invalid_type' || (issue.code === 'custom' && issue.message.startsWith('expected')));

const expected = (branches: readonly (readonly Issue[])[]): string =>
  branches
    .flat()
    .flatMap((issue) => (issue.code === 'invalid_type' ? [issue.expected] : []))
    .join(' or ');

function at(data: unknown, path: Path): unknown {
  let value = data;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Readonly<Record<PropertyKey, unknown>>)[key];
  }
  return value;
}

const shown = (value: unknown): string => {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? String(value));
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
};

interface SchemaNode {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, SchemaNode>>;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
  readonly oneOf?: readonly SchemaNode[];
  readonly const?: unknown;
}

/** Keys of the objects that the JSON schema has at `path`. */
const keysAt = (schema: unknown, path: Path): string[] => [
  ...new Set(nodesAt(schema, path).flatMap(({ properties }) => Object.keys(properties ?? {}))),
];

/** The constants that it allows at `path`. */
const constantsAt = (schema: unknown, path: Path): string[] =>
  nodesAt(schema, path).flatMap((node) => (node.const === undefined ? [] : [String(node.const)]));

function nodesAt(schema: unknown, path: Path): SchemaNode[] {
  const root = schema as SchemaNode;
  const resolved = (node: SchemaNode): SchemaNode =>
    node.$ref === undefined ? node : (root.$defs?.[node.$ref.split('/').at(-1) ?? ''] ?? node);
  let nodes: SchemaNode[] = [root].flatMap(alternatives);
  for (const key of path) {
    nodes = nodes
      .map((node) => (typeof key === 'number' ? node.items : node.properties?.[String(key)]))
      .filter((node) => node !== undefined)
      .map(resolved)
      .flatMap(alternatives);
  }
  return nodes;
}

const alternatives = (node: SchemaNode): SchemaNode[] => [
  node,
  ...[...(node.anyOf ?? []), ...(node.oneOf ?? [])].flatMap(alternatives),
];

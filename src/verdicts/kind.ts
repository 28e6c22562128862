/** What one kind of claim is: its fields in the study file, the cells it needs, and its test. One file each in `kinds/`. */
import { z } from 'zod';
import type { CellPattern } from '../axes/pattern.ts';
import type { Words } from '../kernel/language.ts';
import type { Bounds, Selected } from './claim.ts';
import type { Tested } from './evidence.ts';
import type { World } from './observed.ts';
import type { Facet } from './series.ts';

/** Builders of fields that the study's parser lends, because they need its vocabulary. */
export interface ClaimFields {
  /** A choice of cells. */
  selection(description: string): z.ZodType<CellPattern>;
  /** The id of a metric. */
  metric(description: string): z.ZodType<string>;
}

export interface ClaimProblem {
  readonly path: string;
  readonly message: Words;
}

export interface ClaimKind {
  readonly kind: string;
  /** One line for the docs. */
  readonly summary: string;
  fields(field: ClaimFields): z.ZodRawShape;
  /** Contradictions between fields. */
  check(parameters: Readonly<Record<string, unknown>>): readonly ClaimProblem[];
  /** What must exist in the study. */
  selected(parameters: Readonly<Record<string, unknown>>): readonly Selected[];
  /** The evidence in `world`, whose cells are all of one class of device, or of any. */
  test(parameters: Readonly<Record<string, unknown>>, world: World): Tested;
}

interface KindInit<Shape extends z.ZodRawShape> {
  readonly kind: string;
  readonly summary: string;
  fields(field: ClaimFields): Shape;
  check?(parameters: z.output<z.ZodObject<Shape>>): readonly ClaimProblem[];
  selected(parameters: z.output<z.ZodObject<Shape>>): readonly Selected[];
  test(parameters: z.output<z.ZodObject<Shape>>, world: World): Tested;
}

/** A kind whose functions know the types of its fields. */
export function defineClaimKind<Shape extends z.ZodRawShape>(init: KindInit<Shape>): ClaimKind {
  type Own = z.output<z.ZodObject<Shape>>;
  return {
    kind: init.kind,
    summary: init.summary,
    fields: (field) => init.fields(field),
    check: (parameters) => init.check?.(parameters as Own) ?? [],
    selected: (parameters) => init.selected(parameters as Own),
    test: (parameters, world) => init.test(parameters as Own, world),
  };
}

const bound = () => z.number().positive().optional();

/** `atLeast` and `atMost`, ratios above 0. */
export const boundFields = (what: string) => ({
  atLeast: bound().describe(`${what} is at least this; 1.5 = half as much again.`),
  atMost: bound().describe(`${what} is at most this.`),
});

/** One of the two must be given, and together they must leave room. */
export function boundProblems({ atLeast, atMost }: Bounds, prefix = ''): ClaimProblem[] {
  if (atLeast === undefined && atMost === undefined) {
    return [
      {
        path: prefix,
        message: {
          en: 'a margin is missing: atLeast, atMost or both',
          ja: 'マージンがありません: atLeast、atMost、または両方',
        },
      },
    ];
  }
  return atLeast !== undefined && atMost !== undefined && atLeast > atMost
    ? [
        {
          path: `${prefix}${prefix === '' ? '' : '.'}atLeast`,
          message: {
            en: `contradicts atMost: nothing is at least ${atLeast} and at most ${atMost}`,
            ja: `atMost と矛盾します: ${atLeast} 以上かつ ${atMost} 以下の値はありません`,
          },
        },
      ]
    : [];
}

/** Choices that claims make within the cells of `for`. */
export const forField = (field: ClaimFields) =>
  field.selection('Cells that the claim speaks of. Default: all.').optional();

export const metricField = (field: ClaimFields) => field.metric('Metric, by its id.').default('throughput');

/** Axes along which a line can be drawn. */
export const alongField = () =>
  z.enum(['inputTokens', 'outputTokens', 'batch', 'threads']).describe('The axis along which it changes.');

export const EVERYTHING: CellPattern = { axes: {} };

/** What a pattern names: cells are compared that are equal in everything else. */
export function facetsOf(...patterns: readonly CellPattern[]): Set<Facet> {
  return new Set(
    patterns.flatMap(({ model, engine, options, axes }): Facet[] => [
      ...(model === undefined ? [] : ['model' as const]),
      ...(engine === undefined ? [] : ['engine' as const]),
      ...(options === undefined ? [] : ['options' as const]),
      ...(Object.keys(axes) as Facet[]),
    ]),
  );
}

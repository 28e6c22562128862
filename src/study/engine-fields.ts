/** Fields that speak about engines: entries of `engines`, and the patterns of `excludes` and `priority`. */

import { z } from 'zod';
import type { OptionValue } from '../axes/cell.ts';
import { precisionAxis } from '../axes/precision.ts';
import { readValues } from '../axes/values.ts';
import { allPrecisions, type EngineDeclaration } from '../engines/declaration.ts';
import type { Words } from '../kernel/language.ts';
import type { PrecisionName } from '../models/precision.ts';
import { addProblem, type Issues } from './add-problem.ts';
import { axisFields } from './axis-fields.ts';
import { optionKind } from './option-kind.ts';
import { nameField, nameHints, valuesField } from './value-field.ts';
import type { Vocabulary } from './vocabulary.ts';

const idsOf = ({ engines }: Vocabulary): string[] => engines.map(({ id }) => id);

/** The id of a known engine. */
export const engineIdField = (vocabulary: Vocabulary) =>
  nameField(idsOf(vocabulary), 'engine', 'Id of an engine.');

/** `id` or `id@version` of a known engine. */
function versionedEngine(vocabulary: Vocabulary, description: string) {
  const ids = idsOf(vocabulary);
  return z
    .unknown()
    .transform((raw, context): { readonly id: string; readonly version: string | undefined } => {
      const text = typeof raw === 'string' ? raw : '';
      const [id = '', version, ...rest] = text.split('@');
      if (ids.includes(id) && rest.length === 0 && version !== '') return { id, version };
      const message: Words = ids.includes(id)
        ? { en: 'a version is missing or written twice', ja: '版がないか、二度書かれています' }
        : { en: 'unknown engine', ja: '未知のエンジン' };
      addProblem(context, { message, params: nameHints(ids, id) });
      return z.NEVER;
    })
    .meta({ description, anyOf: [{ enum: ids }, { type: 'string', pattern: '^[a-z0-9-]+@[^@]+$' }] });
}

const rawOptions = z.record(z.string(), z.unknown()).optional().meta({
  description: "The engine's own options (see docs/engines.md); a list or range makes the option an axis.",
});

/** One entry of `engines`: an id alone, or an object. */
export function engineField(vocabulary: Vocabulary) {
  const id = versionedEngine(
    vocabulary,
    'Id of an engine, with a version where one is wanted: `id@version`.',
  );
  return z.union([
    id.transform((engine) => ({ id: engine, label: undefined, precisions: undefined, options: {} })),
    z
      .strictObject({
        id,
        label: z.string().min(1).max(100).optional().describe('Name in tables. Default: the id.'),
        precisions: valuesField(
          precisionAxis,
          'Precisions of this engine, each a set of cells of its own.',
        ).optional(),
        options: rawOptions,
      })
      .superRefine(
        (entry, context) => {
          const engine = vocabulary.engines.find((known) => known.id === idOf(entry.id));
          if (engine === undefined) return;
          checkPrecisions(engine, entry.precisions, context);
          readOptions(engine, entry.options, context);
        },
        { when: ({ value }) => typeof value === 'object' && value !== null },
      )
      .transform((entry) => ({ ...entry, options: optionsOf(vocabulary, entry) })),
  ]);
}

/** A partial cell. */
export function patternField() {
  const names = z.union([z.string(), z.array(z.string()).min(1)]).transform((value) => [value].flat());
  return z.strictObject({
    model: names.optional().describe('Names of models of this study.'),
    engine: names.optional().describe('Ids or labels of engines of this study.'),
    options: z
      .record(z.string(), z.unknown())
      .transform((options) => mapValues(options, (value) => [value].flat() as readonly OptionValue[]))
      .optional()
      .describe('Options of engines.'),
    ...axisFields((axis) => valuesField(axis, axis.description)),
  });
}

const idOf = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'id' in value ? value.id : undefined;

function checkPrecisions(engine: EngineDeclaration, precisions: unknown, context: Issues): void {
  if (!Array.isArray(precisions)) return;
  const known = allPrecisions(engine).map(({ name }) => name);
  for (const precision of precisions as readonly PrecisionName[]) {
    if (known.includes(precision)) continue;
    addProblem(context, {
      message: {
        en: `${engine.id} does not have ${precision}`,
        ja: `${engine.id} に ${precision} はありません`,
      },
      path: ['precisions'],
      params: nameHints(known, precision),
    });
  }
}

function readOptions(
  engine: EngineDeclaration,
  raw: unknown,
  context: Issues,
): Record<string, readonly OptionValue[]> {
  const result: Record<string, readonly OptionValue[]> = {};
  if (typeof raw !== 'object' || raw === null) return result;
  const names = Object.keys(engine.options.shape);
  for (const [option, value] of Object.entries(raw)) {
    const kind = optionKind(engine, option);
    if (kind === undefined) {
      addProblem(context, {
        message: {
          en: `${engine.id} has no option ${option}`,
          ja: `${engine.id} に ${option} というオプションはありません`,
        },
        path: ['options', option],
        params: nameHints(names, option),
      });
      continue;
    }
    const read = readValues(kind, value);
    if (read.kind === 'values') result[option] = read.values;
    else {
      for (const problem of read.problems) {
        addProblem(context, {
          message: problem.message,
          path: ['options', option, ...problem.path],
          params: { ...nameHints(kind.names ?? [], problem.value), allowed: kind.allowed },
        });
      }
    }
  }
  return result;
}

function optionsOf(
  vocabulary: Vocabulary,
  entry: { readonly id: { readonly id: string }; readonly options?: unknown },
): Record<string, readonly OptionValue[]> {
  const engine = vocabulary.engines.find(({ id }) => id === entry.id.id);
  return engine === undefined ? {} : readOptions(engine, entry.options, { addIssue: () => undefined });
}

const mapValues = <T, U>(record: Readonly<Record<string, T>>, f: (value: T) => U): Record<string, U> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, f(value)]));

/** Checks between fields of one study; they run even where single fields have problems, so they read defensively. */
import type { z } from 'zod';
import { nameHints } from './value-field.ts';

/** Beyond so many combinations of axes a study is a slip. */
const MAXIMUM_CELLS = 1_000_000;

type Issues = Pick<z.core.$RefinementCtx, 'addIssue'>;

/** Reports every contradiction between fields of `file`, the parsed (or partly parsed) study. */
export function crossCheck(file: unknown, context: Issues): void {
  const models = entries(file, 'models');
  const engines = entries(file, 'engines');
  checkModels(models, context);
  checkPatterns(file, names(models, modelNames), names(engines, engineNames), context);
  checkSize(file, models.length, engines, context);
}

function checkModels(models: readonly unknown[], context: Issues): void {
  const seen = new Set<string>();
  for (const [index, model] of models.entries()) {
    const path = ['models', index];
    if (typeof model === 'object' && model !== null) {
      const has = (key: string): boolean => field(model, key) !== undefined;
      if (has('preset') === has('path')) {
        context.addIssue({ code: 'custom', path, message: 'a model is either a preset or a path' });
      }
      if (has('path') && (has('seed') || has('dtype'))) {
        context.addIssue({ code: 'custom', path, message: 'seed and dtype belong to presets' });
      }
    }
    const name = modelNames(model)[0];
    if (name === undefined) continue;
    if (seen.has(name)) {
      context.addIssue({ code: 'custom', path, message: `two models are called ${name}: give one a name` });
    }
    seen.add(name);
  }
}

function checkPatterns(
  file: unknown,
  models: readonly string[],
  engines: readonly string[],
  context: Issues,
): void {
  const known = { model: models, engine: engines };
  for (const list of ['excludes', 'priority'] as const) {
    for (const [index, pattern] of entries(file, list).entries()) {
      for (const key of ['model', 'engine'] as const) {
        for (const name of [field(pattern, key) ?? []].flat()) {
          if (typeof name !== 'string' || known[key].includes(name)) continue;
          context.addIssue({
            code: 'custom',
            path: [list, index, key],
            message: `no ${key} of this study is called ${name}`,
            params: nameHints(known[key], name),
          });
        }
      }
    }
  }
}

/** An upper bound: excludes are not taken off, and equal cells are not merged. */
function checkSize(file: unknown, models: number, engines: readonly unknown[], context: Issues): void {
  const axes = field(file, 'axes');
  const axisLengths = Object.entries(recordOf(axes)).map(([key, values]) =>
    key === 'precision' ? 1 : lengthOf(values),
  );
  const variants = engines.map((engine) => {
    const precisions = lengthOf(field(engine, 'precisions') ?? field(axes, 'precision'));
    return multiply([precisions, ...Object.values(recordOf(field(engine, 'options'))).map(lengthOf)]);
  });
  const cells = models * variants.reduce((sum, count) => sum + count, 0) * multiply(axisLengths);
  if (cells > MAXIMUM_CELLS) {
    context.addIssue({
      code: 'custom',
      path: field(file, 'axes') === undefined ? ['engines'] : ['axes'],
      message: `about ${cells} cells`,
      params: { allowed: `at most ${MAXIMUM_CELLS}` },
    });
  }
}

const lengthOf = (values: unknown): number => (Array.isArray(values) ? values.length : 1);

const multiply = (counts: readonly number[]): number => counts.reduce((product, count) => product * count, 1);

const recordOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};

function modelNames(model: unknown): string[] {
  if (typeof model === 'string') return [model];
  const name = field(model, 'name') ?? field(model, 'preset');
  if (typeof name === 'string') return [name];
  const path = field(model, 'path');
  const last =
    typeof path === 'string'
      ? path
          .split(/[/\\]/)
          .filter((part) => part !== '')
          .at(-1)
      : undefined;
  return last === undefined ? [] : [last.replace(/\.gguf$/, '')];
}

function engineNames(engine: unknown): string[] {
  return [field(field(engine, 'id'), 'id'), field(engine, 'label')].filter(
    (name) => typeof name === 'string',
  );
}

const names = (list: readonly unknown[], of: (entry: unknown) => string[]): string[] => [
  ...new Set(list.flatMap(of)),
];

function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Readonly<Record<string, unknown>>)[key]
    : undefined;
}

function entries(file: unknown, key: string): readonly unknown[] {
  const list = field(file, key);
  return Array.isArray(list) ? (list as readonly unknown[]) : [];
}

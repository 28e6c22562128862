/** Experiments: named parts of a study, each with a subset of its models and engines and axes of its own. */

import { z } from 'zod';
import type { AxisValue } from '../axes/axis.ts';
import { AXIS_KEYS, type AxisKey, axisOf } from '../axes/registry.ts';
import type { EngineDeclaration } from '../engines/declaration.ts';
import type { Words } from '../kernel/language.ts';
import type { PrecisionName } from '../models/precision.ts';
import { axisFields } from './axis-fields.ts';
import { patternField } from './engine-fields.ts';
import { FIGURE_KIND_NAMES, FIGURE_KINDS } from './figure-kinds.ts';
import { ladderField, resolveLadder } from './ladder.ts';
import { resolvePattern } from './resolve-pattern.ts';
import type { Experiment, Study } from './study.ts';
import { nameField, valuesField } from './value-field.ts';

export const EXPERIMENT_ID: RegExp = /^[a-z0-9][a-z0-9-]{0,39}$/;

/** One entry of `experiments`. */
export function experimentField() {
  const names = z.array(z.string()).min(1);
  return z.strictObject({
    id: z
      .string()
      .regex(EXPERIMENT_ID, 'lower-case letters, digits and dashes, at most 40')
      .describe('Name of the part; its figure is the file `<id>.svg`.'),
    title: z.string().min(1).max(200).optional().describe('What it asks, for readers. Default: the id.'),
    figure: nameField(
      FIGURE_KIND_NAMES,
      'figure',
      `How it is drawn: ${Object.entries(FIGURE_KINDS)
        .map(([kind, summary]) => `\`${kind}\` (${summary})`)
        .join(', ')}.`,
    ).optional(),
    models: names.optional().describe('Names of models of this study. Default: all.'),
    engines: names.optional().describe('Ids or labels of engines of this study. Default: all.'),
    axes: z
      .strictObject(axisFields((axis) => valuesField(axis, axis.description)))
      .optional()
      .describe(
        "What it varies, over the study's own axes and defaults. Of `precision`, an engine that lists `precisions` takes those that it lists.",
      ),
    ladder: ladderField(),
    excludes: z.array(patternField()).default([]).describe("Cells to leave out, beside the study's own."),
  });
}

type ExperimentFile = z.output<ReturnType<typeof experimentField>>;

/**
 * With the study's models, engines and axes where it gives none. `issues` get what is wrong with the steps of a ladder,
 * by place within the experiment.
 */
export function resolveExperiment(
  { id, title = id, figure, models, engines, axes = {}, excludes, ladder }: ExperimentFile,
  whole: Pick<Study, 'models' | 'engines' | 'axes'>,
  declarationOf: (id: string) => EngineDeclaration | undefined,
): { readonly experiment: Experiment; readonly issues: readonly ExperimentIssue[] } {
  const own = Object.fromEntries(AXIS_KEYS.map((key) => [key, axes[key] ?? whole.axes[key]])) as Record<
    AxisKey,
    readonly AxisValue[]
  >;
  const isOwn = (one: { readonly id: string; readonly label: string }): boolean =>
    engines === undefined || engines.includes(one.id) || engines.includes(one.label);
  const base = {
    id,
    title,
    figure: FIGURE_KIND_NAMES.find((kind) => kind === figure),
    models: models ?? whole.models.map(({ name }) => name),
    engines: whole.engines.filter(isOwn).flatMap((engine) => {
      const precisions = precisionsOf(engine, own.precision as readonly PrecisionName[]);
      return precisions.length === 0 ? [] : [{ ...engine, precisions }];
    }),
    axes: own,
    excludes: excludes.map(resolvePattern),
  };
  if (ladder === undefined) return { experiment: { ...base, ladder: [] }, issues: [] };
  const { steps, issues } = resolveLadder(ladder, base, declarationOf);
  const drawn =
    figure === undefined
      ? []
      : [
          {
            path: ['figure'],
            message: { en: 'a ladder has figures of its own', ja: '階段には専用の図があります' },
          },
        ];
  return { experiment: { ...base, ladder: steps }, issues: [...drawn, ...issues] };
}

interface ExperimentIssue {
  /** Keys within the experiment. */
  readonly path: readonly PropertyKey[];
  readonly message: Words;
}

const precisionsOf = (
  { precisions, listed }: Study['engines'][number],
  asked: readonly PrecisionName[],
): readonly PrecisionName[] => (listed ? asked.filter((name) => precisions.includes(name)) : asked);

/** The axis values of a study that an experiment does not give: its own axes, its defaults, the axis's default. */
export const resolvedAxes = (file: {
  readonly axes?: Partial<Record<AxisKey, readonly AxisValue[] | undefined>> | undefined;
  readonly defaults?: Partial<Record<AxisKey, readonly AxisValue[] | undefined>> | undefined;
}): Record<AxisKey, readonly AxisValue[]> =>
  Object.fromEntries(
    AXIS_KEYS.map((key) => [key, file.axes?.[key] ?? file.defaults?.[key] ?? [axisOf(key).default]]),
  ) as Record<AxisKey, readonly AxisValue[]>;

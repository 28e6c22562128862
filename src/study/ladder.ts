/**
 * Ladders: an experiment whose cells are steps, each a set of overrides on the one before (or on one that it names), over
 * axes that stay. Its first step is the experiment's own model, engine and axes with the overrides that it lists.
 */

import { z } from 'zod';
import type { AxisValue } from '../axes/axis.ts';
import type { OptionValue } from '../axes/cell.ts';
import { AXIS_KEYS, type AxisKey } from '../axes/registry.ts';
import type { EngineDeclaration } from '../engines/declaration.ts';
import { allPrecisions } from '../engines/declaration.ts';
import { TECHNIQUE_IDS, TECHNIQUES } from '../engines/techniques.ts';
import { issueWords } from '../kernel/issue-words.ts';
import { inEvery, type Words } from '../kernel/language.ts';
import type { PrecisionName } from '../models/precision.ts';
import { axisFields } from './axis-fields.ts';
import type { Experiment, LadderStep, StudyEngine } from './study.ts';
import { nameField, singleField } from './value-field.ts';

/** One entry of `ladder`. */
function stepField() {
  return z.strictObject({
    name: z.string().min(1).max(60).describe('Name of the step, for readers.'),
    technique: nameField(
      TECHNIQUE_IDS,
      'technique',
      `What it adds, where that is a known technique: ${TECHNIQUES.map(({ id, title }) => `\`${id}\` (${title.en})`).join(', ')}.`,
    ).optional(),
    from: z
      .string()
      .optional()
      .describe('Name of the earlier step that it builds on. Default: the one before.'),
    model: z.string().optional().describe('Name of a model of this study in place of the one before.'),
    options: z
      .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
      .default({})
      .describe('Options of the engine.'),
    ...axisFields((axis) => singleField(axis, axis.description).transform((value) => [value])),
  });
}

/** The steps of an experiment of this kind. */
export const ladderField = () =>
  z
    .array(stepField())
    .min(2)
    .optional()
    .describe(
      'Makes the experiment a ladder of one model and one engine: steps in order, each overriding the one before. Its report says what each step gains.',
    );

type StepFile = z.output<ReturnType<typeof stepField>>;

/** Where something is wrong with a step: keys within the experiment. */
interface LadderIssue {
  readonly path: readonly PropertyKey[];
  readonly message: Words;
}

/** What the steps stand on: the experiment without its ladder. */
type Base = Pick<Experiment, 'models' | 'engines' | 'axes'>;

/**
 * The steps with everything filled in, options of the engine included, and every problem of them. With problems the
 * steps are not to be used.
 */
export function resolveLadder(
  steps: readonly StepFile[],
  base: Base,
  declarationOf: (id: string) => EngineDeclaration | undefined,
): { readonly steps: readonly LadderStep[]; readonly issues: readonly LadderIssue[] } {
  const issues: LadderIssue[] = baseIssues(base);
  const [model] = base.models;
  const [engine] = base.engines;
  const declaration = engine === undefined ? undefined : declarationOf(engine.id);
  if (model === undefined || engine === undefined || declaration === undefined) return { steps: [], issues };
  const resolved: LadderStep[] = [];
  const start: Pick<LadderStep, 'name' | 'model' | 'engine' | 'axes'> = {
    name: '',
    model,
    engine,
    axes: base.axes,
  };
  for (const [index, step] of steps.entries()) {
    const at = (...path: PropertyKey[]): PropertyKey[] => ['ladder', index, ...path];
    issues.push(...stepIssues(step, { base, declaration, earlier: resolved, at }));
    const below = step.from === undefined ? resolved.at(-1) : resolved.find(({ name }) => name === step.from);
    const from = below ?? start;
    const own = ownAxes(step);
    const precision = (own.precision ?? [from.axes.precision[0] ?? 'fp32']) as readonly PrecisionName[];
    const options = withDefaults(declaration, { ...singles(from.engine), ...step.options });
    issues.push(...options.messages.map((message) => ({ path: at('options'), message })));
    resolved.push({
      name: step.name,
      technique: TECHNIQUE_IDS.find((id) => id === step.technique),
      from: below?.name,
      changes: changesOf(step),
      model: step.model ?? from.model,
      engine: { ...from.engine, precisions: precision, listed: true, options: options.values },
      axes: { ...from.axes, ...own, precision },
    });
  }
  return { steps: resolved, issues };
}

/** A ladder climbs on one side of a building. */
function baseIssues({ models, engines }: Base): LadderIssue[] {
  const issue = (path: string, what: string, count: number): LadderIssue[] =>
    count === 1
      ? []
      : [
          {
            path: [path],
            message: {
              en: `a ladder has one ${what}, not ${count}: name it`,
              ja: `階段の ${what} は一つです。${count} 個あります: どれか名指してください`,
            },
          },
        ];
  return [
    ...issue('models', 'model', models.length),
    ...issue('engines', 'engine', engines.length),
    ...engines.flatMap(({ options }) =>
      Object.entries(options)
        .filter(([, values]) => values.length > 1)
        .map(([key]) => ({
          path: ['engines'],
          message: {
            en: `a ladder starts at one value of ${key}`,
            ja: `階段は ${key} の一つの値から始まります`,
          },
        })),
    ),
  ];
}

interface StepContext {
  readonly base: Base;
  readonly declaration: EngineDeclaration;
  readonly earlier: readonly LadderStep[];
  at(...path: PropertyKey[]): PropertyKey[];
}

function stepIssues(step: StepFile, { base, declaration, earlier, at }: StepContext): LadderIssue[] {
  const issues: LadderIssue[] = [];
  const report = (path: PropertyKey[], message: Words): void => void issues.push({ path, message });
  if (earlier.some(({ name }) => name === step.name))
    report(at('name'), {
      en: `two steps are called ${step.name}`,
      ja: `${step.name} という段が二つあります`,
    });
  if (step.from !== undefined && !earlier.some(({ name }) => name === step.from)) {
    report(at('from'), {
      en: `no earlier step is called ${step.from}`,
      ja: `それより前に ${step.from} という段はありません`,
    });
  }
  if (changesOf(step).length === 0 && earlier.length > 0)
    report(at(), { en: 'the step changes nothing', ja: 'この段は何も変えません' });
  for (const key of Object.keys(step.options)) {
    if (!(key in declaration.options.shape)) {
      report(at('options', key), {
        en: `${declaration.id} has no option ${key}`,
        ja: `${declaration.id} に ${key} というオプションはありません`,
      });
    }
  }
  const own = ownAxes(step);
  for (const key of Object.keys(own) as AxisKey[]) {
    if (base.axes[key].length > 1)
      report(at(key), {
        en: `${key} is varied by the experiment: a step cannot set it`,
        ja: `${key} は実験が変えています: 段では設定できません`,
      });
  }
  const known = allPrecisions(declaration).map(({ name }) => name);
  for (const name of (own.precision ?? []) as readonly PrecisionName[]) {
    if (!known.includes(name))
      report(at('precision'), {
        en: `${declaration.id} does not have ${name}`,
        ja: `${declaration.id} に ${name} はありません`,
      });
  }
  return issues;
}

const ownAxes = (step: StepFile): Partial<Record<AxisKey, readonly AxisValue[]>> =>
  Object.fromEntries(
    AXIS_KEYS.flatMap((key) => {
      const values = step[key];
      return values === undefined ? [] : [[key, values]];
    }),
  );

/** `attention fused`, `precision w4`: what the step sets, for readers. */
const changesOf = (step: StepFile): string[] => [
  ...(step.model === undefined ? [] : [`model ${step.model}`]),
  ...Object.entries(step.options).map(([key, value]) => `${key} ${String(value)}`),
  ...Object.entries(ownAxes(step)).map(([key, values]) => `${key} ${String(values?.[0])}`),
];

const singles = ({ options }: StudyEngine): Record<string, OptionValue> =>
  Object.fromEntries(
    Object.entries(options).flatMap(([key, [value]]) => (value === undefined ? [] : [[key, value]])),
  );

/** Every option of the engine with its one value, so that a step's cells differ from those of all other steps. */
function withDefaults(declaration: EngineDeclaration, options: Readonly<Record<string, OptionValue>>) {
  const known = Object.fromEntries(
    Object.entries(options).filter(([key]) => key in declaration.options.shape),
  );
  const parsed = declaration.options.safeParse(known);
  const values = (parsed.success ? parsed.data : known) as Readonly<Record<string, OptionValue>>;
  return {
    values: Object.fromEntries(Object.entries(values).map(([key, value]) => [key, [value]])),
    messages: parsed.success
      ? []
      : parsed.error.issues.map((issue) =>
          inEvery((say) => `${issue.path.map(String).join('.')}: ${say(issueWords(issue))}`),
        ),
  };
}

/**
 * Axes -> cells: the product of everything that a study lists, experiment by experiment, excluded cells marked. Models
 * are only named here: their content is not known before they were looked for.
 */
import type { AxisValue } from '../axes/axis.ts';
import type { Cell, OptionValue, Stop } from '../axes/cell.ts';
import { matches } from '../axes/pattern.ts';
import type { TokenCounts } from '../axes/token-tests.ts';
import type { EngineDeclaration } from '../engines/declaration.ts';
import { issueWords } from '../kernel/issue-words.ts';
import { inEvery, type Words } from '../kernel/language.ts';
import type { Experiment, Study, StudyEngine } from './study.ts';

/** Identity of a model, enough to make cells. */
export interface NamedModel {
  readonly name: string;
  readonly modelHash: string;
}

export interface ProductCell {
  readonly cell: Cell;
  /** Name of the engine in the study: its label, or its id. */
  readonly label: string;
  /** Id of the experiment; undefined in a study without any. */
  readonly experiment: string | undefined;
  /** Why the options that the study combines contradict one another, where they do. */
  readonly optionProblem: Words | undefined;
  /** Path of the pattern that leaves the cell out, e.g. `excludes[0]`; undefined where it stays. */
  readonly excludedBy: string | undefined;
}

/**
 * Every cell of the study in the order in which it lists its values, models outermost within an experiment. A cell of
 * several experiments comes once for each.
 */
export function* studyProduct(
  study: Study,
  models: readonly NamedModel[],
  declarationOf: (id: string) => EngineDeclaration,
  logicalCpus: number,
): Generator<ProductCell> {
  const own = study.excludes.map((pattern, index) => ({ pattern, path: `excludes[${index}]` }));
  for (const { index, ...part } of partsOf(study)) {
    const excludes = [
      ...own,
      ...part.excludes.map((pattern, at) => ({ pattern, path: `experiments[${index}].excludes[${at}]` })),
    ];
    const counts = tokenCounts(part.axes, study, part.id === undefined);
    for (const model of models) {
      if (!part.models.includes(model.name)) continue;
      for (const engine of part.engines) {
        const { label } = engine;
        for (const { options, optionProblem } of optionSets(engine, declarationOf(engine.id))) {
          for (const cell of product(part.axes, model, engine, options, counts, logicalCpus)) {
            const excludedBy = excludes.find(({ pattern }) => matches(pattern, { cell, label }, logicalCpus));
            yield { cell, label, experiment: part.id, optionProblem, excludedBy: excludedBy?.path };
          }
        }
      }
    }
  }
}

/** Paths of all patterns that may leave cells out. */
export const excludePaths = (study: Study): string[] => [
  ...study.excludes.map((_, index) => `excludes[${index}]`),
  ...study.experiments.flatMap(({ excludes }, index) =>
    excludes.map((_, at) => `experiments[${index}].excludes[${at}]`),
  ),
];

type Part = Pick<Experiment, 'models' | 'engines' | 'axes' | 'excludes'> & {
  readonly id: string | undefined;
  /** Of the experiment in the study. */
  readonly index: number;
};

/** A study without experiments is one itself; a ladder is one part for each of its steps. */
function partsOf(study: Study): readonly Part[] {
  if (study.experiments.length > 0) {
    return study.experiments.flatMap(({ ladder, ...experiment }, index) =>
      ladder.length === 0
        ? [{ ...experiment, index }]
        : ladder.map(({ model, engine, axes }) => ({
            ...experiment,
            index,
            models: [model],
            engines: [engine],
            axes,
          })),
    );
  }
  const { models, engines, axes } = study;
  return [{ id: undefined, index: 0, models: models.map(({ name }) => name), engines, axes, excludes: [] }];
}

function* product(
  axes: Study['axes'],
  model: NamedModel,
  engine: StudyEngine,
  options: Readonly<Record<string, OptionValue>>,
  counts: readonly TokenCounts[],
  logicalCpus: number,
): Generator<Cell> {
  const samplings = samplingSets(axes);
  for (const device of axes.device)
    for (const threads of axes.threads)
      for (const precision of engine.precisions)
        for (const batching of axes.batching)
          for (const stop of axes.stop)
            for (const promptLengths of axes.promptLengths)
              for (const batch of axes.batch)
                for (const slots of axes.slots)
                  for (const count of counts)
                    for (const sampling of samplings) {
                      yield {
                        task: 'generate',
                        model: model.name,
                        modelHash: model.modelHash,
                        engine: engine.id,
                        engineVersion: engine.version,
                        options,
                        precision,
                        device: String(device),
                        threads: typeof threads === 'number' ? threads : logicalCpus,
                        inputTokens: count.inputTokens,
                        outputTokens: count.outputTokens,
                        depthTokens: count.depth,
                        batch: Number(batch),
                        batching: batching === 'continuous' ? 'continuous' : 'static',
                        slots: slotsOf(batching, slots, Number(batch)),
                        stop: stop as Stop,
                        promptLengths: promptLengths === 'ragged' ? 'ragged' : 'equal',
                        ...sampling,
                      };
                    }
}

type SamplingFields = Pick<Cell, 'temperature' | 'topK' | 'topP' | 'samplingSeed'>;

/** Every combination of the axes of sampling; greedy comes once, whatever the others say. */
function samplingSets(axes: Study['axes']): SamplingFields[] {
  return axes.temperature.flatMap((temperature): SamplingFields[] =>
    temperature === 0
      ? [{}]
      : axes.topK.flatMap((topK) =>
          axes.topP.flatMap((topP) =>
            axes.samplingSeed.map((samplingSeed) => ({
              temperature: Number(temperature),
              topK: Number(topK),
              topP: Number(topP),
              samplingSeed: Number(samplingSeed),
            })),
          ),
        ),
  );
}

/** Static batching has one slot per sequence, whatever the axis says; more slots than requests stay empty. */
const slotsOf = (batching: AxisValue, slots: AxisValue, batch: number): number =>
  batching === 'continuous' && typeof slots === 'number' ? Math.min(slots, batch) : batch;

/** Tests belong to a study without experiments. */
function tokenCounts(axes: Study['axes'], { tests, tokenProduct }: Study, whole: boolean): TokenCounts[] {
  const product = axes.inputTokens.flatMap((inputTokens) =>
    axes.outputTokens.flatMap((outputTokens) =>
      axes.depth.map((depth) => ({
        inputTokens: Number(inputTokens),
        outputTokens: Number(outputTokens),
        depth: Number(depth),
      })),
    ),
  );
  return whole ? [...(tests ?? []), ...(tokenProduct ? product : [])] : product;
}

interface OptionSet {
  readonly options: Readonly<Record<string, OptionValue>>;
  readonly optionProblem: Words | undefined;
}

/** Every combination of the options that the study lists, the engine's defaults filled in. */
function optionSets(engine: StudyEngine, declaration: EngineDeclaration): OptionSet[] {
  let sets: Record<string, OptionValue>[] = [{}];
  for (const [key, values] of Object.entries(engine.options)) {
    sets = sets.flatMap((set) => values.map((value) => ({ ...set, [key]: value })));
  }
  return sets.map((set) => {
    const parsed = declaration.options.safeParse(set);
    return parsed.success
      ? { options: parsed.data as Readonly<Record<string, OptionValue>>, optionProblem: undefined }
      : {
          options: set,
          optionProblem: inEvery((say) =>
            parsed.error.issues.map((issue) => say(issueWords(issue))).join('; '),
          ),
        };
  });
}

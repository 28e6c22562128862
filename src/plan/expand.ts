/** Axes -> cells: the product of everything that the study lists, excludes applied, equal cells merged. */
import type { AxisValue } from '../axes/axis.ts';
import { type Cell, cellKey, type OptionValue } from '../axes/cell.ts';
import type { TokenCounts } from '../axes/token-tests.ts';
import type { EngineDeclaration } from '../engines/declaration.ts';
import type { Study, StudyEngine } from '../study/study.ts';
import { matches, type NamedCell } from './match.ts';

export interface KeyedCell extends NamedCell {
  readonly cellKey: string;
  /** Cells of equal workload differ in engine, options, precision, threads and device only. */
  readonly workload: number;
  /** Why the options that the study combines contradict one another, where they do. */
  readonly optionProblem: string | undefined;
}

/** Identity of a model, enough to make cells. */
interface NamedModel {
  readonly name: string;
  readonly modelHash: string;
}

/**
 * Every cell of the study, models outermost, in the order in which the study lists its values; of equal cells the first
 * stays. Excluded ones are counted per pattern, so that a pattern that matches nothing can be named.
 */
export function expandCells(
  study: Study,
  models: readonly NamedModel[],
  declarationOf: (id: string) => EngineDeclaration,
  logicalCpus: number,
): { readonly cells: readonly KeyedCell[]; readonly excluded: readonly number[] } {
  const cells = new Map<string, KeyedCell>();
  const excluded = study.excludes.map(() => 0);
  const counts = tokenCounts(study);
  for (const model of models) {
    for (const engine of study.engines) {
      const label = engine.label;
      for (const { options, optionProblem } of optionSets(engine, declarationOf(engine.id))) {
        for (const [cell, workload] of product(study, model, engine, options, counts, logicalCpus)) {
          const pattern = study.excludes.findIndex((one) => matches(one, { cell, label }, logicalCpus));
          if (pattern >= 0) {
            excluded[pattern] = (excluded[pattern] ?? 0) + 1;
            continue;
          }
          const key = cellKey(cell);
          if (!cells.has(key)) cells.set(key, { cell, cellKey: key, label, workload, optionProblem });
        }
      }
    }
  }
  return { cells: [...cells.values()], excluded };
}

function* product(
  study: Study,
  model: NamedModel,
  engine: StudyEngine,
  options: Readonly<Record<string, OptionValue>>,
  counts: readonly TokenCounts[],
  logicalCpus: number,
): Generator<readonly [Cell, number]> {
  const { axes } = study;
  for (const device of axes.device)
    for (const threads of axes.threads)
      for (const precision of engine.precisions) {
        let workload = 0;
        for (const batching of axes.batching)
          for (const stop of axes.stop)
            for (const promptLengths of axes.promptLengths)
              for (const batch of axes.batch)
                for (const slots of axes.slots)
                  for (const count of counts) {
                    const cell: Cell = {
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
                      stop: stop === 'natural' ? 'natural' : 'forced',
                      promptLengths: promptLengths === 'ragged' ? 'ragged' : 'equal',
                    };
                    yield [cell, workload];
                    workload += 1;
                  }
      }
}

/** Static batching has one slot per sequence, whatever the axis says; more slots than requests stay empty. */
const slotsOf = (batching: AxisValue, slots: AxisValue, batch: number): number =>
  batching === 'continuous' && typeof slots === 'number' ? Math.min(slots, batch) : batch;

function tokenCounts({ axes, tests, tokenProduct }: Study): TokenCounts[] {
  const product = axes.inputTokens.flatMap((inputTokens) =>
    axes.outputTokens.flatMap((outputTokens) =>
      axes.depth.map((depth) => ({
        inputTokens: Number(inputTokens),
        outputTokens: Number(outputTokens),
        depth: Number(depth),
      })),
    ),
  );
  return [...(tests ?? []), ...(tokenProduct ? product : [])];
}

interface OptionSet {
  readonly options: Readonly<Record<string, OptionValue>>;
  readonly optionProblem: string | undefined;
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
      : { options: set, optionProblem: parsed.error.issues.map(({ message }) => message).join('; ') };
  });
}

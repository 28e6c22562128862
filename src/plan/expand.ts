/** Axes -> cells: the product of everything that the study lists, excludes applied, equal cells merged. */
import type { AxisValue } from '../axes/axis.ts';
import { type Cell, cellKey, type OptionValue } from '../axes/cell.ts';
import type { TokenCounts } from '../axes/token-tests.ts';
import type { EngineDeclaration } from '../engines/declaration.ts';
import type { Study, StudyEngine } from '../study/study.ts';
import { matches } from './match.ts';

export interface KeyedCell {
  readonly cell: Cell;
  readonly cellKey: string;
}

/** Identity of a model, enough to make cells. */
interface NamedModel {
  readonly name: string;
  readonly modelHash: string;
}

/** Every cell of the study, models outermost, in the order in which the study lists its values. */
export function expandCells(
  study: Study,
  models: readonly NamedModel[],
  declarationOf: (id: string) => EngineDeclaration,
  logicalCpus: number,
): KeyedCell[] {
  const cells = new Map<string, Cell>();
  const counts = tokenCounts(study);
  for (const model of models) {
    for (const engine of study.engines) {
      for (const options of optionSets(engine, declarationOf(engine.id))) {
        for (const cell of product(study, model, engine, options, counts, logicalCpus)) {
          if (!study.excludes.some((pattern) => matches(pattern, cell))) cells.set(cellKey(cell), cell);
        }
      }
    }
  }
  return [...cells].map(([key, cell]) => ({ cell, cellKey: key }));
}

function* product(
  study: Study,
  model: NamedModel,
  engine: StudyEngine,
  options: Readonly<Record<string, OptionValue>>,
  counts: readonly TokenCounts[],
  logicalCpus: number,
): Generator<Cell> {
  const { axes } = study;
  for (const device of axes.device)
    for (const threads of axes.threads)
      for (const precision of engine.precisions)
        for (const batching of axes.batching)
          for (const stop of axes.stop)
            for (const promptLengths of axes.promptLengths)
              for (const batch of axes.batch)
                for (const slots of axes.slots)
                  for (const count of counts) {
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
                      stop: stop === 'natural' ? 'natural' : 'forced',
                      promptLengths: promptLengths === 'ragged' ? 'ragged' : 'equal',
                    };
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

/** Every combination of the options that the study lists, the engine's defaults filled in. */
function optionSets(
  engine: StudyEngine,
  declaration: EngineDeclaration,
): Readonly<Record<string, OptionValue>>[] {
  let sets: Record<string, OptionValue>[] = [{}];
  for (const [key, values] of Object.entries(engine.options)) {
    sets = sets.flatMap((set) => values.map((value) => ({ ...set, [key]: value })));
  }
  return sets.map((set) => declaration.options.parse(set) as Readonly<Record<string, OptionValue>>);
}

/** The study's product as cells with keys: excluded ones left out, equal ones merged, workloads numbered. */
import { type Cell, cellKey } from '../axes/cell.ts';
import type { NamedCell } from '../axes/pattern.ts';
import type { EngineDeclaration } from '../engines/declaration.ts';
import type { Words } from '../kernel/language.ts';
import { excludePaths, type NamedModel, studyProduct } from '../study/product.ts';
import type { Study } from '../study/study.ts';

export interface KeyedCell extends NamedCell {
  readonly cellKey: string;
  /**
   * Cells of equal workload differ in model, engine, options, precision, threads, device and sampling only: greedy and
   * sampled cells stand in one block, because they are compared.
   */
  readonly workload: number;
  /** Why the options that the study combines contradict one another, where they do. */
  readonly optionProblem: Words | undefined;
  /** Ids of the experiments that it belongs to; empty in a study without any. */
  readonly experiments: readonly string[];
}

export interface Expanded {
  readonly cells: readonly KeyedCell[];
  /** Paths of patterns that leave nothing out. */
  readonly unusedExcludes: readonly string[];
}

/** Every cell of the study in its order; of equal cells the first stays, and belongs to the experiments of all. */
export function expandCells(
  study: Study,
  models: readonly NamedModel[],
  declarationOf: (id: string) => EngineDeclaration,
  logicalCpus: number,
): Expanded {
  const cells = new Map<string, KeyedCell & { readonly experiments: string[] }>();
  const unused = new Set(excludePaths(study));
  const workloads = new Map<string, number>();
  const numberOf = (cell: Cell): number => {
    const name = workloadName(cell);
    const number = workloads.get(name) ?? workloads.size;
    workloads.set(name, number);
    return number;
  };
  for (const { cell, label, experiment, optionProblem, excludedBy } of studyProduct(
    study,
    models,
    declarationOf,
    logicalCpus,
  )) {
    if (excludedBy !== undefined) {
      unused.delete(excludedBy);
      continue;
    }
    const key = cellKey(cell);
    const known = cells.get(key);
    if (known === undefined) {
      const experiments = experiment === undefined ? [] : [experiment];
      cells.set(key, { cell, cellKey: key, label, workload: numberOf(cell), optionProblem, experiments });
    } else if (experiment !== undefined && !known.experiments.includes(experiment)) {
      known.experiments.push(experiment);
    }
  }
  return { cells: [...cells.values()], unusedExcludes: [...unused] };
}

const workloadName = (cell: Cell): string => {
  const { inputTokens, outputTokens, depthTokens, batch, batching, slots, stop, promptLengths } = cell;
  return `${inputTokens} ${outputTokens} ${depthTokens} ${batch} ${batching} ${slots} ${stop} ${promptLengths}`;
};

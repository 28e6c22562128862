/** Study + models + machine -> plan. Pure: the same input gives the same plan, and nothing is started. */
import { type Cell, launchIdentity } from '../axes/cell.ts';
import { type EngineDeclaration, totalBytes } from '../engines/declaration.ts';
import { contentHash } from '../kernel/canonical.ts';
import { roundCost_ms } from '../schedule/budget.ts';
import type { Study } from '../study/study.ts';
import { makeBlocks } from './blocks.ts';
import { costed } from './costed.ts';
import { cell_ms, generation_ms, launchOverhead_ms } from './estimate.ts';
import { expandCells } from './expand.ts';
import { type Feasibility, feasibility } from './feasibility.ts';
import { rankOf } from './match.ts';
import type { Plan, PlanMachine, PlanModel, PlannedCell, PlannedLaunch, SkippedCell } from './plan.ts';

export interface PlanInput {
  readonly study: Study;
  readonly models: readonly PlanModel[];
  readonly declarations: readonly EngineDeclaration[];
  /** Why an engine cannot run here; engines that are absent can. */
  readonly unavailable: Readonly<Record<string, string>>;
  readonly machine: PlanMachine;
}

export function makePlan(input: PlanInput): Plan {
  const { study, machine } = input;
  const declarationOf = lookup(input.declarations);
  const models = new Map(input.models.map((model) => [model.name, model]));
  const launches = new Map<
    string,
    { cells: PlannedCell[]; model: PlanModel; declaration: EngineDeclaration }
  >();
  const skipped: SkippedCell[] = [];
  const launchKeyOf = memoisedLaunchKey();
  for (const { cell, cellKey } of expandCells(study, input.models, declarationOf, machine.logicalCpus)) {
    const model = models.get(cell.model);
    if (model === undefined) continue;
    const declaration = declarationOf(cell.engine);
    const verdict: Feasibility = feasibility(
      cell,
      model,
      declaration,
      input.unavailable[cell.engine],
      machine,
    );
    if (verdict.kind !== 'runs') {
      skipped.push({ cell, cellKey, ...verdict });
      continue;
    }
    const launchKey = launchKeyOf(cell);
    const launch = launches.get(launchKey) ?? { cells: [], model, declaration };
    launches.set(launchKey, launch);
    launch.cells.push({
      cell,
      cellKey,
      launchKey,
      rank: rankOf(cell, study.priority),
      memory: verdict.memory,
      estimated_ms: cell_ms(study, cell, generation_ms(cell, model, declaration, machine)),
    });
  }
  const planned = [...launches].map(([key, launch]) => plannedLaunch(key, launch, machine));
  const round_ms = roundCost_ms(planned.map(costed));
  return {
    cells: planned.flatMap((launch) => launch.cells),
    launches: planned,
    blocks: makeBlocks(planned),
    skipped,
    disk: {
      checkpointBytes: input.models.reduce((sum, m) => sum + (m.toBeWritten ? m.checkpointBytes : 0), 0),
      cacheBytes: planned.reduce((sum, launch) => sum + launch.cacheBytes, 0),
      freeBytes: machine.freeDiskBytes,
    },
    round_ms,
    minimum_ms: round_ms * study.rounds.minimum,
  };
}

function plannedLaunch(
  key: string,
  launch: {
    readonly cells: readonly PlannedCell[];
    readonly model: PlanModel;
    readonly declaration: EngineDeclaration;
  },
  machine: PlanMachine,
): PlannedLaunch {
  const cells = [...launch.cells].sort((a, b) => totalBytes(a.memory) - totalBytes(b.memory));
  const first = cells[0];
  if (first === undefined) throw new RangeError(`launch ${key} has no cells`);
  return {
    key,
    identity: launchIdentity(first.cell),
    cells,
    overhead_ms: launchOverhead_ms(first.memory.weightBytes, first.cell.threads, machine),
    cacheBytes: launch.declaration.estimateCacheBytes(first.cell, launch.model.shape),
  };
}

/** Cells of one launch come in long runs that share their identity's parts: hashing each anew would dominate the plan. */
function memoisedLaunchKey(): (cell: Cell) => string {
  let last: { readonly cell: Cell; readonly key: string } | undefined;
  return (cell) => {
    if (last !== undefined && sameLaunch(last.cell, cell)) return last.key;
    const key = contentHash(launchIdentity(cell));
    last = { cell, key };
    return key;
  };
}

const sameLaunch = (a: Cell, b: Cell): boolean =>
  a.model === b.model &&
  a.engine === b.engine &&
  a.engineVersion === b.engineVersion &&
  a.options === b.options &&
  a.precision === b.precision &&
  a.device === b.device &&
  a.threads === b.threads;

function lookup(declarations: readonly EngineDeclaration[]): (id: string) => EngineDeclaration {
  const byId = new Map(declarations.map((declaration) => [declaration.id, declaration]));
  return (id) => {
    const declaration = byId.get(id);
    if (declaration === undefined) throw new RangeError(`no engine ${id}: the study was not checked`);
    return declaration;
  };
}

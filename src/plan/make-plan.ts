/** Study + models + machine -> plan. Pure: the same input gives the same plan, and nothing is started. */
import { type Cell, launchIdentity, versionedEngine } from '../axes/cell.ts';
import { type EngineDeclaration, precisionSupport, totalBytes } from '../engines/declaration.ts';
import { contentHash } from '../kernel/canonical.ts';
import { asWords, inEvery, type Words } from '../kernel/language.ts';
import { launchCost_ms, roundCost_ms } from '../schedule/budget.ts';
import type { Study } from '../study/study.ts';
import { type BlockCell, cellsOfBlocks, isTooLong, MAXIMUM_BLOCK_MS } from './blocks.ts';
import { costed } from './costed.ts';
import { diskBudget } from './disk.ts';
import { cell_ms, generation_ms, launchOverhead_ms } from './estimate.ts';
import { expandCells, type KeyedCell } from './expand.ts';
import { feasibility, usableMemoryBytes } from './feasibility.ts';
import type {
  Plan,
  PlanMachine,
  PlanModel,
  PlannedBlock,
  PlannedCell,
  PlannedLaunch,
  SkippedCell,
} from './plan.ts';
import { priorityOf } from './priority.ts';
import { fileStepModel, type StepModel, stepModel } from './step-model.ts';

export interface PlanInput {
  readonly study: Study;
  readonly models: readonly PlanModel[];
  readonly declarations: readonly EngineDeclaration[];
  /** Why an engine cannot run here; engines that are absent can. */
  readonly unavailable: Readonly<Record<string, Words>>;
  readonly machine: PlanMachine;
}

/** The plan of a study. Models of the study that are not in `models` have no cells. */
export function makePlan(input: PlanInput): Plan {
  const { study, machine, models } = input;
  const declarationOf = lookup(input.declarations);
  const modelOf = new Map(models.map((model) => [model.name, model]));
  const expanded = expandCells(study, models, declarationOf, machine.logicalCpus);
  const disk = diskBudget(machine.freeDiskBytes, machine.cacheLimitBytes);
  const stepsOf = memoisedSteps();
  const launchKeyOf = memoisedLaunchKey();
  const runnable: BlockCell[] = [];
  const skipped: SkippedCell[] = [];
  for (const keyed of expanded.cells) {
    const { cell, cellKey, label, workload, experiments } = keyed;
    const model = modelOf.get(cell.model);
    if (model === undefined) continue;
    const declaration = declarationOf(cell.engine);
    const launchKey = launchKeyOf(cell);
    const verdict =
      keyed.optionProblem === undefined
        ? feasibility(cell, model, declaration, input.unavailable[versionedEngine(cell)], machine)
        : { kind: 'unsupported' as const, reason: keyed.optionProblem };
    const refused =
      verdict.kind === 'runs'
        ? disk.refuse({
            model,
            cell,
            launchKey,
            workload,
            cacheBytes: () => cacheBytes(cell, model, declaration),
          })
        : undefined;
    if (verdict.kind !== 'runs') skipped.push({ cell, cellKey, label, experiments, ...verdict });
    else if (refused !== undefined) {
      skipped.push({ cell, cellKey, label, experiments, kind: 'refused', reason: refused });
    } else {
      const steps = stepsOf(model, declaration, cell);
      const planned: PlannedCell = {
        cell,
        cellKey,
        launchKey,
        label,
        experiments,
        rank: rankOf(keyed, study, machine.logicalCpus),
        memory: verdict.memory,
        estimated_ms: cell_ms(
          study,
          cell,
          generation_ms(cell, steps, machine, declaration.recomputes?.(cell)),
        ),
      };
      const overhead_ms = launchOverhead_ms(verdict.memory.weightBytes, cell.threads, machine);
      runnable.push({ planned, workload, overhead_ms });
    }
  }
  const block_ms = study.rounds.block_ms ?? MAXIMUM_BLOCK_MS;
  const { launches, blocks } = launchesOf(runnable, block_ms, disk.cacheBytesOf, usableMemoryBytes(machine));
  const copies = disk.copies();
  const round_ms = roundCost_ms(launches.map(costed));
  return {
    cells: launches.flatMap((launch) => launch.cells),
    launches,
    blocks,
    skipped,
    warnings: [
      ...expanded.unusedExcludes.map((path) => ({
        en: `${path} matches no cell`,
        ja: `${path} に合うセルがありません`,
      })),
      ...models.flatMap(({ name, warnings: odd = [] }) =>
        odd.map((text) => inEvery((say) => `${name}: ${say(asWords(text))}`)),
      ),
      ...longBlocks(launches, blocks, block_ms),
    ],
    disk: {
      checkpointBytes: disk.checkpointBytes(),
      cacheBytes: disk.cacheBytes(),
      freeBytes: machine.freeDiskBytes,
    },
    ...(copies === undefined ? {} : { copies }),
    round_ms,
    minimum_ms: round_ms * study.rounds.minimum,
  };
}

/** A model file is taken as it is: nothing is converted. */
const cacheBytes = (cell: Cell, model: PlanModel, declaration: EngineDeclaration): number =>
  model.kind === 'file' ? 0 : declaration.estimateCacheBytes(cell, model.shape);

/** Most workloads that a study can have: ranks of one priority never reach into the next. */
const RANKS_PER_PRIORITY = 1_000_000;

const rankOf = (keyed: KeyedCell, { priority }: Study, logicalCpus: number): number =>
  priorityOf(keyed, priority, logicalCpus) * RANKS_PER_PRIORITY + keyed.workload;

function launchesOf(
  cells: readonly BlockCell[],
  block_ms: number,
  cacheBytesOf: (launchKey: string) => number,
  usableBytes: number,
): { readonly launches: readonly PlannedLaunch[]; readonly blocks: readonly PlannedBlock[] } {
  const launches: PlannedLaunch[] = [];
  const blocks: PlannedBlock[] = [];
  for (const [block, ofBlock] of cellsOfBlocks(cells, block_ms).entries()) {
    const byIdentity = new Map<string, BlockCell[]>();
    for (const cell of ofBlock) {
      const known = byIdentity.get(cell.planned.launchKey);
      if (known === undefined) byIdentity.set(cell.planned.launchKey, [cell]);
      else known.push(cell);
    }
    const made = [...byIdentity].map(([identity, own]) =>
      launchOf(`${identity}-${block}`, own, cacheBytesOf(identity), usableBytes),
    );
    launches.push(...made);
    blocks.push({ block, launches: made.map(({ key }) => key) });
  }
  return { launches, blocks };
}

/** `cells` is never empty: a launch exists because a cell asked for it. */
function launchOf(
  key: string,
  cells: readonly BlockCell[],
  cacheBytes: number,
  usableBytes: number,
): PlannedLaunch {
  const sorted = cells
    .map(({ planned }) => ({ ...planned, launchKey: key }))
    .sort((a, b) => totalBytes(a.memory) - totalBytes(b.memory));
  const first = sorted[0];
  if (first === undefined) throw new RangeError(`launch ${key} has no cells`);
  const overhead_ms = cells[0]?.overhead_ms ?? 0;
  const anyOrder = 2 * totalBytes((sorted.at(-1) ?? first).memory) <= usableBytes;
  return { key, identity: launchIdentity(first.cell), cells: sorted, anyOrder, overhead_ms, cacheBytes };
}

/** One line for all of them, with the longest. */
function longBlocks(
  launches: readonly PlannedLaunch[],
  blocks: readonly PlannedBlock[],
  block_ms: number,
): Words[] {
  const costs = new Map(launches.map((launch) => [launch.key, launchCost_ms(costed(launch))]));
  const long = blocks
    .map(({ block, launches: keys }) => ({
      block,
      count: keys.length,
      total_ms: keys.reduce((sum, key) => sum + (costs.get(key) ?? 0), 0),
    }))
    .filter(({ total_ms }) => isTooLong(total_ms, block_ms))
    .sort((a, b) => b.total_ms - a.total_ms);
  const [longest] = long;
  if (longest === undefined) return [];
  const { block, count, total_ms } = longest;
  const minutes = Math.round(total_ms / 60_000);
  const [among, amongJa] =
    long.length === 1
      ? ['', '']
      : [
          ` (the longest of ${long.length} such blocks)`,
          `（このようなブロック ${long.length} 個の中で最長）`,
        ];
  return [
    {
      en: `block ${block} compares ${count} launches over about ${minutes} minutes${among}: swings of the machine in that time are not cancelled`,
      ja: `ブロック ${block} は ${count} 起動を約 ${minutes} 分かけて比べます${amongJa}: その間のマシンの変動は打ち消されません`,
    },
  ];
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

/** Step costs by model, engine and precision. `feasibility` has made sure that the engine has the precision. */
function memoisedSteps(): (model: PlanModel, declaration: EngineDeclaration, cell: Cell) => StepModel {
  const known = new Map<string, StepModel>();
  return (model, declaration, { precision }) => {
    const key = `${model.name}\u0000${declaration.id}\u0000${precision}`;
    const found = known.get(key);
    if (found !== undefined) return found;
    const effective = precisionSupport(declaration, precision)?.effective;
    if (effective === undefined) throw new RangeError(`${declaration.id} has no ${precision}`);
    const steps =
      model.kind === 'file' ? fileStepModel(model.file, effective) : stepModel(model.description, effective);
    known.set(key, steps);
    return steps;
  };
}

function lookup(declarations: readonly EngineDeclaration[]): (id: string) => EngineDeclaration {
  const byId = new Map(declarations.map((declaration) => [declaration.id, declaration]));
  return (id) => {
    const declaration = byId.get(id);
    if (declaration === undefined) throw new RangeError(`no engine ${id}: the study was not checked`);
    return declaration;
  };
}

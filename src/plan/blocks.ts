/**
 * Blocks: the cells that one comparison needs, adjacent in time. Cells of one model on one device with one thread count
 * are compared with each other. A group that would take longer than about two minutes (or than the study says) is split
 * *between* workloads: swings of the machine last minutes, and pairing cancels only what both sides of a comparison share.
 * A single workload stays whole however long it takes. Each engine and precision gets one launch per block, for all its cells in it.
 */
import { contentHash } from '../kernel/canonical.ts';
import type { PlannedCell } from './plan.ts';

/** Where the study does not say. */
export const MAXIMUM_BLOCK_MS = 120_000;

/** What splitting into blocks must know of a cell. */
export interface BlockCell {
  readonly planned: PlannedCell;
  readonly workload: number;
  /** Start and load of a launch for it. */
  readonly overhead_ms: number;
}

/** The cells of each block, in the order of the study; a block of several workloads takes at most `maximum_ms`. */
export function cellsOfBlocks(cells: readonly BlockCell[], maximum_ms: number): BlockCell[][] {
  const groups = new Map<string, BlockCell[]>();
  const nameOf = memoisedName();
  for (const cell of cells) {
    const key = nameOf(cell);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [cell]);
    else group.push(cell);
  }
  return [...groups.values()].flatMap((group) => splitByTime(group, maximum_ms));
}

/** Whole workloads into parts, each filled up to the maximum. */
function splitByTime(group: readonly BlockCell[], maximum_ms: number): BlockCell[][] {
  const workloads = new Map<number, BlockCell[]>();
  for (const cell of group) {
    const same = workloads.get(cell.workload);
    if (same === undefined) workloads.set(cell.workload, [cell]);
    else same.push(cell);
  }
  const parts: BlockCell[][] = [];
  let part: BlockCell[] = [];
  let launches = new Set<string>();
  let filled_ms = 0;
  for (const [, cells] of [...workloads].sort(([a], [b]) => a - b)) {
    const own_ms = cells.reduce((sum, cell) => sum + cell.planned.estimated_ms, 0);
    if (part.length > 0 && filled_ms + own_ms + newOverhead_ms(cells, launches) > maximum_ms) {
      parts.push(part);
      part = [];
      launches = new Set();
      filled_ms = 0;
    }
    filled_ms += own_ms + newOverhead_ms(cells, launches);
    for (const { planned } of cells) launches.add(planned.launchKey);
    part.push(...cells);
  }
  return [...parts, part];
}

/** Start and load of the launches that `cells` add to a block. */
function newOverhead_ms(cells: readonly BlockCell[], launches: ReadonlySet<string>): number {
  const added = new Map(
    cells
      .filter(({ planned }) => !launches.has(planned.launchKey))
      .map(({ planned, overhead_ms }) => [planned.launchKey, overhead_ms]),
  );
  return [...added.values()].reduce((sum, ms) => sum + ms, 0);
}

/** Which cells are compared: one model, device and thread count. */
function memoisedName(): (cell: BlockCell) => string {
  const names = new Map<string, string>();
  return ({ planned: { launchKey, cell } }) => {
    const known = names.get(launchKey);
    if (known !== undefined) return known;
    const { modelHash, device, threads } = cell;
    const name = contentHash({ modelHash, device, threads });
    names.set(launchKey, name);
    return name;
  };
}

/** Whether a block takes far longer than blocks should. */
export const isTooLong = (estimated_ms: number, maximum_ms: number): boolean => estimated_ms > 2 * maximum_ms;

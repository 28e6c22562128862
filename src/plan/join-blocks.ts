/** Blocks merged where a comparison needs it: threads, devices or models are otherwise never in one block. */
import type { Plan, PlannedBlock } from './plan.ts';

/** The plan with the two cells of each pair in one block; pairs whose cells are not planned change nothing. */
export function joinBlocks(plan: Plan, pairs: readonly (readonly [a: string, b: string])[]): Plan {
  const launchesOf = (cellKey: string): string[] =>
    plan.launches.filter(({ cells }) => cells.some((cell) => cell.cellKey === cellKey)).map(({ key }) => key);
  let blocks: readonly (readonly string[])[] = plan.blocks.map(({ launches }) => launches);
  for (const pair of pairs) {
    const needed = new Set(pair.flatMap(launchesOf));
    const touched = blocks.filter((launches) => launches.some((key) => needed.has(key)));
    if (touched.length < 2) continue;
    const [first] = touched;
    blocks = blocks.flatMap((block) => {
      if (block === first) return [touched.flat()];
      return touched.includes(block) ? [] : [block];
    });
  }
  return { ...plan, blocks: blocks.map((launches, block): PlannedBlock => ({ block, launches })) };
}

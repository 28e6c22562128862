/** What a cell is called in progress lines: the lengths and the batch, the depth where there is one. */
import type { Cell } from '../axes/cell.ts';

/** `batch 4, 64 in, 64 out` */
export function cellLabel(cell: Cell): string {
  const depth = cell.depthTokens > 0 ? `, depth ${cell.depthTokens}` : '';
  const batching = cell.batching === 'continuous' ? `, ${cell.slots} slots` : '';
  return `batch ${cell.batch}, ${cell.inputTokens} in, ${cell.outputTokens} out${depth}${batching}`;
}

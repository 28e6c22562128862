/**
 * Putting prompts into the cache. Fused attention prefills a whole batch only into an empty cache ("batch_size must be 1
 * when sequence_length > 1 and past context is given"); after a depth it takes one row at a time, and each row is a
 * step of its own with its own stamp. Plain attention takes the batch either way.
 * Prompts of different length either share a step, padded on the right to the longest (the padding is computed and
 * overwritten), or are prefilled at their own lengths, one step for each run of neighbours of one length.
 */
import type { LoadedModel, Workspace } from './model.ts';
import type { Step } from './step.ts';

export interface Prefill {
  readonly step: Step;
  /** The first row of the batch that it serves. */
  readonly firstRow: number;
}

/** Steps, filled with the prompts and ready to run, that prefill `prompts` into slots 0, 1, ... */
export function preparePrefill(
  model: LoadedModel,
  workspace: Workspace,
  prompts: readonly (readonly number[])[],
  depthTokens: number,
  logits = false,
): Prefill[] {
  const takesBatches = depthTokens === 0 || model.variant.attention === 'plain';
  const groups = !takesBatches
    ? prompts.map((_, firstRow) => ({ firstRow, count: 1 }))
    : model.promptPadding === 'computed'
      ? [{ firstRow: 0, count: prompts.length }]
      : runsOfEqualLength(prompts);
  return groups.map(({ firstRow, count }) => {
    const rows = prompts.slice(firstRow, firstRow + count);
    const length = Math.max(...rows.map((prompt) => prompt.length));
    const step = workspace.step({ firstSlot: firstRow, batch: count, length, logits });
    step.setRows(rows, depthTokens);
    return { step, firstRow };
  });
}

interface RowRun {
  readonly firstRow: number;
  readonly count: number;
}

/** Neighbours of one length together: lengths 5, 5, 3, 5 -> rows 0-1, row 2, row 3. */
export function runsOfEqualLength(prompts: readonly (readonly number[])[]): readonly RowRun[] {
  const runs: { firstRow: number; count: number }[] = [];
  for (const [row, prompt] of prompts.entries()) {
    const run = runs.at(-1);
    if (run !== undefined && prompts[run.firstRow]?.length === prompt.length) run.count += 1;
    else runs.push({ firstRow: row, count: 1 });
  }
  return runs;
}

/** Puts `depthTokens` tokens per row into slots 0, 1, ... and waits for them: each prompt, over and over. Not timed. */
export function fillDepth(
  workspace: Workspace,
  prompts: readonly (readonly number[])[],
  depthTokens: number,
): void {
  if (depthTokens === 0) return;
  const step = workspace.step({ firstSlot: 0, batch: prompts.length, length: depthTokens });
  step.setRows(
    prompts.map((prompt) => depthRow(prompt, depthTokens)),
    0,
  );
  step.run();
}

/** [a, b] at depth 5 -> [a, b, a, b, a] */
export function depthRow(prompt: readonly number[], depthTokens: number): number[] {
  return Array.from({ length: depthTokens }, (_, i) => prompt[i % prompt.length] ?? 0);
}

/**
 * Putting prompts into the cache. Fused attention prefills a whole batch only into an empty cache ("batch_size must be 1
 * when sequence_length > 1 and past context is given"); after a depth it takes one row at a time, and each row is a
 * step of its own with its own stamp. Plain attention takes the batch either way.
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
): Prefill[] {
  if (depthTokens === 0 || model.variant.attention === 'plain') {
    const length = Math.max(...prompts.map((prompt) => prompt.length));
    const step = workspace.step({ firstSlot: 0, batch: prompts.length, length });
    step.setRows(prompts, depthTokens);
    return [{ step, firstRow: 0 }];
  }
  return prompts.map((prompt, row) => {
    const step = workspace.step({ firstSlot: row, batch: 1, length: prompt.length });
    step.setRows([prompt], depthTokens);
    return { step, firstRow: row };
  });
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

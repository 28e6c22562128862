/**
 * Generation without a KV cache: every step computes all positions of all sequences again, as a model without the
 * technique would. The operator still writes keys and values into scratch memory; nothing reads them in a later step.
 */
import { allocate } from '../../native/onnxruntime/tensor.ts';
import type { GenerateRequest } from '../../protocol/frames.ts';
import type { Sample } from '../../protocol/sample.ts';
import type { ComputeContext } from '../../worker/engine.ts';
import { chooserFor } from './chooser.ts';
import type { LoadedModel, Workspace } from './model.ts';
import { staticRows } from './static-batch.ts';

export function generateByRecomputing(
  model: LoadedModel,
  workspace: Workspace,
  request: GenerateRequest,
  context: ComputeContext,
): Sample {
  const { prompts, outputTokens } = request;
  const batch = prompts.length;
  const longestPrompt = Math.max(...prompts.map((prompt) => prompt.length));
  const mostTokens = Math.min(Math.max(...outputTokens), model.shape.maximumPositions - longestPrompt + 1);
  const widest = longestPrompt + mostTokens - 1;
  const chooser = chooserFor(request, model, context);
  workspace.reserve(batch, widest);
  const idsMemory = allocate('int64', batch * widest);
  const steps = Array.from({ length: mostTokens }, (_, i) =>
    workspace.step({ firstSlot: 0, batch, length: longestPrompt + i, logits: chooser.logits, idsMemory }),
  );
  const rows = staticRows(request, context.emit);
  const sequences = prompts.map((prompt) => [...prompt]);

  const start_ns = context.now_ns();
  for (const step of steps) {
    if (rows.active() === 0 || context.cancelled()) break;
    step.setRows(sequences, 0);
    step.run();
    chooser.choose(step, (row) => row);
    rows.log.steps_ns.push(context.now_ns());
    for (const [row, sequence] of sequences.entries()) {
      const token = step.next[row] ?? 0n;
      rows.take(row, token);
      sequence.push(Number(token));
    }
  }
  const end_ns = context.now_ns();
  return { ...rows.sample({ start_ns, end_ns }), ...chooser.record() };
}

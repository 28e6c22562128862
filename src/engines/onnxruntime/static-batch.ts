/**
 * Static batching: all prompts are prefilled, then all sequences decode together until the last one is done. A sequence
 * that is done keeps computing; those positions are counted as padding.
 */
import type { GenerateRequest } from '../../protocol/frames.ts';
import type { Sample } from '../../protocol/sample.ts';
import type { ComputeContext } from '../../worker/engine.ts';
import { chooserFor } from './chooser.ts';
import type { LoadedModel, Workspace } from './model.ts';
import { fillDepth, type Prefill, preparePrefill } from './prefill.ts';
import { type TokensLog, tokensLog } from './tokens-log.ts';

export function generateStatic(
  model: LoadedModel,
  workspace: Workspace,
  request: GenerateRequest,
  context: ComputeContext,
): Sample {
  const { prompts, depthTokens, outputTokens } = request;
  const batch = prompts.length;
  const mostTokens = Math.max(...outputTokens);
  const bases = prompts.map((prompt) => depthTokens + prompt.length);
  const longestBase = Math.max(...bases);
  const capacity = Math.min(longestBase + mostTokens, model.shape.maximumPositions);

  const chooser = chooserFor(request, model, context);
  workspace.reserve(batch, capacity);
  fillDepth(workspace, prompts, depthTokens);
  const prefills = preparePrefill(model, workspace, prompts, depthTokens, chooser.logits);
  const decode = workspace.step({ firstSlot: 0, batch, length: 1, logits: chooser.logits });
  const rows = staticRows(request, context.emit, (row) =>
    promptPadding(prefills, row, prompts[row]?.length ?? 0),
  );

  const start_ns = context.now_ns();
  for (const { step, firstRow } of prefills) {
    if (context.cancelled()) break;
    step.run();
    chooser.choose(step, (row) => firstRow + row);
    rows.log.steps_ns.push(context.now_ns());
    decode.ids.set(step.next, firstRow);
    for (let i = 0; i < step.batch; i += 1) rows.take(firstRow + i, step.next[i] ?? 0n);
  }
  for (let step = 0; rows.active() > 0 && !context.cancelled(); step += 1) {
    for (let row = 0; row < batch; row += 1) {
      // A row that is done may run into the end of its slot: it overwrites its last position.
      decode.setPosition(row, Math.min((bases[row] ?? 0) + step, capacity - 1));
    }
    decode.setTotal(Math.min(longestBase + step + 1, capacity));
    decode.run();
    chooser.choose(decode, (row) => row);
    rows.log.steps_ns.push(context.now_ns());
    decode.ids.set(decode.next);
    for (let row = 0; row < batch; row += 1) rows.take(row, decode.next[row] ?? 0n);
  }
  const end_ns = context.now_ns();
  return { ...rows.sample({ start_ns, end_ns }), ...chooser.record() };
}

/** Positions that the prefill of `row` computes beyond its prompt of `length` tokens. */
const promptPadding = (prefills: readonly Prefill[], row: number, length: number): number | undefined => {
  const own = prefills.find(({ firstRow, step }) => row >= firstRow && row < firstRow + step.batch);
  return own === undefined ? undefined : own.step.length - length;
};

/** Which rows are done, and what each has got. */
export interface StaticRows {
  readonly log: TokensLog;
  /** A token that the last step gave this row; ignored, but counted as padding, once the row is done. */
  take(row: number, token: bigint): void;
  /** Rows that are not done. */
  active(): number;
  sample(call: Sample['call']): Sample;
}

/** `promptPaddingOf`: positions of padding in the prefill of a row, where they are counted. */
export function staticRows(
  { prompts, outputTokens, stopTokens }: GenerateRequest,
  emit?: ComputeContext['emit'],
  promptPaddingOf: (row: number) => number | undefined = () => undefined,
): StaticRows {
  const log = tokensLog(prompts.length, emit);
  const stops = new Set(stopTokens);
  const done = new Uint8Array(prompts.length);
  const padding = new Uint32Array(prompts.length);
  let active = prompts.length;
  return {
    log,
    active: () => active,
    take: (row, token) => {
      if (done[row] === 1) {
        padding[row] = (padding[row] ?? 0) + 1;
        return;
      }
      const id = Number(token);
      log.add(row, id);
      if (log.count(row) === outputTokens[row] || stops.has(id)) {
        done[row] = 1;
        active -= 1;
      }
    },
    sample: (call) =>
      log.sample(
        call,
        prompts.map((prompt, row) => ({
          inputTokens: prompt.length,
          queued_ns: call.start_ns,
          sent_ns: call.start_ns,
          outputTokens: outputTokens[row] ?? 0,
          stopTokens,
          computedPadding: padding[row] ?? 0,
          computedPromptPadding: promptPaddingOf(row),
        })),
      ),
  };
}

/**
 * Teacher-forced agreement: each continuation is fed token by token, as if the model had written it, and at every
 * position the engine's choice and its logits are compared. Sequences run one by one, through the same steps as
 * generation at batch 1.
 */
import type { Files } from '../../host/host.ts';
import { decodeFloats } from '../../models/numeric/tensor-values.ts';
import type { Score, ScoreRequest } from '../../protocol/frames.ts';
import type { ComputeContext } from '../../worker/engine.ts';
import { scoreTally } from '../score-tally.ts';
import type { LoadedModel, Workspace } from './model.ts';

export function score(
  model: LoadedModel,
  workspace: Workspace,
  files: Files,
  request: ScoreRequest,
  context: ComputeContext,
): Score {
  const { logitsFile } = request;
  const tally = scoreTally();
  const written = logitsFile?.mode === 'write' ? files.createFile(logitsFile.path) : undefined;
  const reference =
    logitsFile?.mode === 'compare'
      ? referenceRows(files, logitsFile.path, model.shape.vocabularySize)
      : undefined;
  try {
    for (const [i, prompt] of request.prompts.entries()) {
      tally.continuation();
      const continuation = request.continuations[i] ?? [];
      for (const { logits, next, expected } of teacherForced(model, workspace, prompt, continuation)) {
        if (context.cancelled()) break;
        written?.write(new Uint8Array(logits.buffer, logits.byteOffset, logits.byteLength));
        tally.position({ logits, choice: next, expected, reference: reference?.() });
      }
    }
    written?.commit();
    // A score that was cut short is discarded by the worker.
    return tally.score();
  } catch (error) {
    written?.discard();
    throw error;
  }
}

/** Each call gives the next row of the reference's logits. */
function referenceRows(files: Files, path: string, vocabularySize: number) {
  const rowBytes = vocabularySize * 4;
  let row = 0;
  return (): Float32Array => {
    const logits = decodeFloats(files.readRange(path, row * rowBytes, rowBytes), 'F32');
    row += 1;
    return logits;
  };
}

/** Logits and choice at every position of `continuation`; the logits are only valid until the next position. */
function* teacherForced(
  model: LoadedModel,
  workspace: Workspace,
  prompt: readonly number[],
  continuation: readonly number[],
): Generator<{ readonly logits: Float32Array; readonly next: number; readonly expected: number }> {
  workspace.reserve(1, prompt.length + continuation.length);
  const stepOf = (length: number) => workspace.step({ firstSlot: 0, batch: 1, length, logits: true });
  for (const [i, expected] of continuation.entries()) {
    const past = continuation.slice(0, i);
    const cached = i > 0 && model.kvCache === 'on';
    const step = stepOf(cached ? 1 : prompt.length + i);
    if (cached) step.setRows([past.slice(-1)], prompt.length + i - 1);
    else step.setRows([[...prompt, ...past]], 0);
    step.run();
    yield { logits: step.logits, next: Number(step.next[0] ?? 0n), expected };
  }
}

/**
 * Teacher-forced agreement: each continuation is fed token by token, as if the model had written it, and at every
 * position the engine's choice and its logits are compared. Sequences run one by one, through the same steps as
 * generation at batch 1.
 */
import type { Files, NewFile } from '../../host/host.ts';
import { decodeFloats } from '../../models/numeric/tensor-values.ts';
import type { Score, ScoreRequest } from '../../protocol/frames.ts';
import type { ComputeContext } from '../../worker/engine.ts';
import { klDivergence } from '../kl-divergence.ts';
import type { LoadedModel, Workspace } from './model.ts';

/** What happens to each position's logits. */
interface LogitsSink {
  take(logits: Float32Array): void;
  /** Mean divergence where logits were compared. */
  finish(positions: number): number | undefined;
  discard(): void;
}

export function score(
  model: LoadedModel,
  workspace: Workspace,
  files: Files,
  request: ScoreRequest,
  context: ComputeContext,
): Score {
  const sink = logitsSink(files, request, model.shape.vocabularySize);
  let equalPositions = 0;
  let positions = 0;
  try {
    for (const [i, prompt] of request.prompts.entries()) {
      const continuation = request.continuations[i] ?? [];
      for (const { logits, next, expected } of teacherForced(model, workspace, prompt, continuation)) {
        if (context.cancelled()) break;
        positions += 1;
        if (next === expected) equalPositions += 1;
        sink.take(logits);
      }
    }
    const meanKlDivergence = sink.finish(positions);
    // A score that was cut short is discarded by the worker; it only has to be well-formed.
    const counted = { equalPositions, positions: Math.max(positions, 1) };
    return meanKlDivergence === undefined ? counted : { ...counted, meanKlDivergence };
  } catch (error) {
    sink.discard();
    throw error;
  }
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

function logitsSink(files: Files, { logitsFile }: ScoreRequest, vocabularySize: number): LogitsSink {
  if (logitsFile === undefined) {
    return { take: () => {}, finish: () => undefined, discard: () => {} };
  }
  return logitsFile.mode === 'write'
    ? writingSink(files.createFile(logitsFile.path))
    : comparingSink(files, logitsFile.path, vocabularySize);
}

function writingSink(file: NewFile): LogitsSink {
  return {
    take: (logits) => file.write(new Uint8Array(logits.buffer, logits.byteOffset, logits.byteLength)),
    finish: () => {
      file.commit();
      return undefined;
    },
    discard: () => file.discard(),
  };
}

function comparingSink(files: Files, path: string, vocabularySize: number): LogitsSink {
  const rowBytes = vocabularySize * 4;
  let row = 0;
  let sum = 0;
  return {
    take: (logits) => {
      const reference = decodeFloats(files.readRange(path, row * rowBytes, rowBytes), 'F32');
      sum += klDivergence(reference, logits);
      row += 1;
    },
    finish: (positions) => (positions === 0 ? undefined : sum / positions),
    discard: () => {},
  };
}

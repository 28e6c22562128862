/**
 * The correctness gate of a run: makes references before the cells that need them, and compares every cell with them. Fp32
 * cells must write the reference's tokens up to near ties; lossy ones are fed its text and asked for the next token.
 */
import type { Cell } from '../axes/cell.ts';
import type { EngineDeclaration } from '../engines/declaration.ts';
import { otherWork } from '../engines/other-work.ts';
import type { Executor, Outcome, WorkerHandle } from '../executors/executor.ts';
import type { Files } from '../host/host.ts';
import type { Difference } from '../journal/record-parts.ts';
import { contentHash } from '../kernel/canonical.ts';
import { precisionKind } from '../models/precision.ts';
import type { Failure } from '../protocol/failure.ts';
import type { Score } from '../protocol/frames.ts';
import { differencesOf } from './gaps.ts';
import type { LaunchCell } from './launch-task.ts';
import {
  logitsFile,
  makeReferences,
  type ReferenceLaunch,
  type ReferencesContext,
} from './make-references.ts';
import type { CellResult } from './measure-cell.ts';
import { CHECK_DEADLINE_MS, equalTokens, promptSignature, type Reference, scoredPart } from './reference.ts';
import { isBeyondBudget } from './time-limit.ts';

export interface GateContext extends ReferencesContext {
  readonly files: Pick<Files, 'remove'>;
}

export interface Gate {
  /** Makes the references of one model; one that fails is recorded, and the cells that needed it are not checked. */
  makeReferences(launch: ReferenceLaunch): Promise<void>;
  /** The check of one cell; called with the living worker after its repeats. Gives what failed when the worker was asked. */
  afterCell(
    handle: WorkerHandle,
    cell: LaunchCell,
    result: CellResult,
    launch: string,
    peers: readonly LaunchCell[],
  ): Promise<Failure | undefined>;
  /** Removes the logits of the references: tens of MB that the next invocation would make again. */
  close(): void;
}

/** A gate without references; cells are reported as not checked until theirs is made. */
export function openGate(
  executorOf: (declaration: EngineDeclaration) => Executor,
  context: GateContext,
): Gate {
  const references = new Map<string, Reference>();
  const logitsFiles = new Set<string>();
  return {
    makeReferences: async (launch) => {
      if (context.signal.aborted) return;
      context.onProgress({ en: 'reference tokens', ja: '参照のトークン' }, 0);
      for (const need of launch.needs) logitsFiles.add(logitsFile(context, need));
      await makeReferences(launch, executorOf(launch.declaration), context, references);
    },
    afterCell: checker(references, context),
    close: () => {
      for (const path of logitsFiles) context.files.remove(path);
    },
  };
}

function checker(references: ReadonlyMap<string, Reference>, context: GateContext): Gate['afterCell'] {
  const scored = new Set<string>();
  const isCutShort = (failure: Failure, deadline_ms: number): boolean =>
    context.signal.aborted || isBeyondBudget(failure, deadline_ms, CHECK_DEADLINE_MS);
  /** Gaps by cell and texts: each launch writes the same. */
  const asked = new Map<string, readonly Difference[]>();
  return async (handle, cell, result, launch, peers) => {
    let failed: Failure | undefined;
    const watched: WorkerHandle = {
      ...handle,
      score: async (request) => {
        const outcome = await handle.score(request);
        if (outcome.kind === 'failed') failed = outcome.failure;
        return outcome;
      },
    };
    await check(watched, cell, result, launch, peers);
    return failed;
  };

  async function check(
    handle: WorkerHandle,
    { cell, cellKey }: LaunchCell,
    result: CellResult,
    launch: string,
    peers: readonly LaunchCell[],
  ): Promise<void> {
    const reference = references.get(promptSignature(cell));
    if (reference === undefined || result.kind !== 'measured' || otherWork(cell) !== undefined) return;
    const fail = (failure: Failure, deadline_ms: number): void => {
      if (isCutShort(failure, deadline_ms)) return;
      context.record({ kind: 'failure', launch, cellKey, failure });
    };
    const agreement = {
      kind: 'agreement',
      launch,
      referenceDigest: contentHash(reference.tokens),
    } as const;
    if (precisionKind(cell.precision).lossless) {
      // Drawn tokens are not the most likely ones, and prove nothing about the logits that they were drawn from.
      if (cell.temperature !== undefined) return;
      const score = equalTokens(result.tokens, reference.tokens);
      if (score.positions === 0) return;
      const isEqual = score.equalPositions === score.positions;
      const differences = isEqual ? [] : await gaps(handle, cell, result.tokens, reference);
      if (differences === undefined) return;
      context.record({
        ...agreement,
        cellKey,
        method: 'equal-tokens',
        score,
        ...(differences.length === 0 ? {} : { differences: [...differences] }),
      });
      return;
    }
    // Teacher forcing starts from the prompt alone: at a depth it would be fed another text than the reference saw.
    if (scored.has(cellKey) || cell.depthTokens > 0) return;
    if (context.time.isUp()) return;
    const same = peers.filter((peer) => sameText(peer.cell, cell));
    for (const peer of same) scored.add(peer.cellKey);
    const deadline_ms = context.time.deadline_ms(CHECK_DEADLINE_MS);
    const scoring = await teacherForced(handle, reference, deadline_ms);
    if (scoring.kind === 'failed') {
      fail(scoring.failure, deadline_ms);
      return;
    }
    // What was scored is the loaded model on the reference's text: it holds for every cell of the launch that shares it.
    for (const peer of same) {
      context.record({
        ...agreement,
        cellKey: peer.cellKey,
        method: 'teacher-forced',
        score: scoring.value,
      });
    }
  }

  /** None where the engine cannot say; undefined where the time was too short to ask: a later launch may. */
  async function gaps(
    handle: WorkerHandle,
    cell: Cell,
    tokens: readonly (readonly number[])[],
    reference: Reference,
  ): Promise<readonly Difference[] | undefined> {
    if (cell.depthTokens > 0) return [];
    const key = contentHash([cell, tokens, reference.tokens]);
    const known = asked.get(key);
    if (known !== undefined) return known;
    if (context.time.isUp()) return undefined;
    const deadline_ms = context.time.deadline_ms(CHECK_DEADLINE_MS);
    const found = await differencesOf(handle, tokens, reference, deadline_ms);
    if (found.kind === 'failed' && isCutShort(found.failure, deadline_ms)) return undefined;
    // What was measured stands: that the question failed is no failure of the cell. Its tokens are others, and stay so.
    const differences = found.kind === 'ok' ? found.value : [];
    asked.set(key, differences);
    return differences;
  }
}

const sameText = (a: Cell, b: Cell): boolean => promptSignature(a) === promptSignature(b);

function teacherForced(
  handle: WorkerHandle,
  reference: Reference,
  deadline_ms: number,
): Promise<Outcome<Score>> {
  return handle.score({
    ...scoredPart(reference),
    ...(reference.logitsPath === undefined
      ? {}
      : { logitsFile: { path: reference.logitsPath, mode: 'compare' as const } }),
    deadline_ms,
  });
}

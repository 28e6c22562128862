/**
 * The correctness gate of a run: makes references before the cells that need them, and compares every cell with them. Fp32
 * cells must write the reference's tokens; lossy ones are fed its text and asked for the next token.
 */

import { join } from 'node:path';
import type { Cell } from '../axes/cell.ts';
import type { EngineDeclaration } from '../engines/declaration.ts';
import { otherWork } from '../engines/other-work.ts';
import type { Executor, Outcome, WorkerHandle } from '../executors/executor.ts';
import type { Files } from '../host/host.ts';
import type { JournalRecord } from '../journal/records.ts';
import { contentHash } from '../kernel/canonical.ts';
import type { Words } from '../kernel/language.ts';
import { precisionKind } from '../models/precision.ts';
import type { Failure } from '../protocol/failure.ts';
import type { LoadRequest, Score } from '../protocol/frames.ts';
import { stageWords } from '../protocol/stage-words.ts';
import type { CellResult } from './measure-cell.ts';
import {
  equalTokens,
  makeReference,
  promptSignature,
  type Reference,
  type ReferenceNeed,
  scoredPart,
} from './reference.ts';
import type { LaunchCell } from './run-launch.ts';
import { stoppedOnce } from './stopped-once.ts';
import { isBeyondBudget, type TimeLimit } from './time-limit.ts';

export interface ReferenceLaunch {
  /** Name of the model. */
  readonly model: string;
  readonly declaration: EngineDeclaration;
  readonly environment: Readonly<Record<string, string>>;
  readonly load: Omit<LoadRequest, 'kind' | 'id'>;
  readonly needs: readonly ReferenceNeed[];
  readonly promptsOf: (need: ReferenceNeed) => readonly (readonly number[])[];
}

export interface GateContext {
  readonly record: (record: JournalRecord) => void;
  readonly files: Pick<Files, 'remove'>;
  /** Folder for logits, inside the run's folder. */
  readonly folder: string;
  readonly onProgress: (stage: Words, fraction: number) => void;
  /** Of which references get a half, see `referenceTime`. */
  readonly time: TimeLimit;
  /** Ends what is running, and nothing further is begun. */
  readonly signal: AbortSignal;
  /** Shown as it happens; the journal has it already. */
  readonly onFailure: (declaration: EngineDeclaration, failure: Failure) => void;
}

export interface Gate {
  /** Makes the references of one model; one that fails is recorded, and the cells that needed it are not checked. */
  makeReferences(launch: ReferenceLaunch): Promise<void>;
  /** The check of one cell; called with the living worker after its repeats. */
  afterCell(
    handle: WorkerHandle,
    cell: LaunchCell,
    result: CellResult,
    launch: string,
    peers: readonly LaunchCell[],
  ): Promise<void>;
  /** Removes the logits of the references: tens of MB that the next invocation would make again. */
  close(): void;
}

/** Stands for a launch in failures of the reference itself. */
const REFERENCE_LAUNCH = 'reference';

const DEADLINE_MS = 300_000;
/** The references of a model get half of the time that is left: a budget is for measuring. */
const REFERENCE_SHARE = 0.5;
const LEAST_DEADLINE_MS = 1000;

/** The time that references have left, of the half that they get. */
interface ReferenceTime {
  /** Of the next request to a worker. */
  readonly deadline_ms: () => number;
  /** Why there is none left; undefined where there is. */
  readonly spent: () => Words | undefined;
  /** The same for a request that ran into `deadline_ms`; undefined where that was not shortened. */
  readonly cutShort: (deadline_ms: number) => Words | undefined;
}

function referenceTime({ left_ms }: TimeLimit): ReferenceTime {
  const begin_ms = left_ms();
  const allowed_ms = (): number => {
    const left = left_ms();
    if (left === undefined || begin_ms === undefined) return DEADLINE_MS;
    return Math.round(left - (1 - REFERENCE_SHARE) * begin_ms);
  };
  const share_s = Math.round((REFERENCE_SHARE * (begin_ms ?? 0)) / 1000);
  const why: Words = {
    en: `references get half of the budget that was left, ${share_s} s, and that was used up`,
    ja: `参照に使えるのは残り予算の半分の ${share_s} 秒で、使い切りました`,
  };
  return {
    deadline_ms: () => Math.min(DEADLINE_MS, Math.max(LEAST_DEADLINE_MS, allowed_ms())),
    spent: () => (allowed_ms() <= 0 ? why : undefined),
    cutShort: (deadline_ms) => (deadline_ms < DEADLINE_MS ? why : undefined),
  };
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
      const time = referenceTime(context.time);
      for (const need of launch.needs) logitsFiles.add(logitsFile(context, need));
      await makeReferences(launch, executorOf(launch.declaration), context, references, time);
    },
    afterCell: checker(references, context),
    close: () => {
      for (const path of logitsFiles) context.files.remove(path);
    },
  };
}

const logitsFile = ({ folder }: Pick<GateContext, 'folder'>, { signature }: ReferenceNeed): string =>
  join(folder, `${signature}.f32`);

async function makeReferences(
  launch: ReferenceLaunch,
  executor: Executor,
  context: GateContext,
  references: Map<string, Reference>,
  time: ReferenceTime,
): Promise<void> {
  const { signal } = context;
  const leaveOut = (reason: Words): void => {
    context.record({ kind: 'reference-left-out', model: launch.model, reason });
  };
  /** An engine that was given less time than it may take has not failed, nor has one that was interrupted. */
  const fail = (failure: Failure, deadline_ms: number): void => {
    if (signal.aborted) return;
    const reason = failure.cause === 'timeout' ? time.cutShort(deadline_ms) : undefined;
    if (reason === undefined) {
      context.record({ kind: 'failure', launch: REFERENCE_LAUNCH, failure });
      context.onFailure(launch.declaration, failure);
    } else leaveOut(reason);
  };
  const spent = time.spent();
  if (spent !== undefined) {
    leaveOut(spent);
    return;
  }
  const start_ms = time.deadline_ms();
  const started = await executor.start({
    declaration: launch.declaration,
    environment: launch.environment,
    startDeadline_ms: start_ms,
  });
  if (started.kind === 'failed') {
    fail(started.failure, start_ms);
    return;
  }
  const handle = stoppedOnce(started.value);
  const abandon = (): void => void handle.stop();
  signal.addEventListener('abort', abandon);
  if (signal.aborted) abandon();
  const load_ms = time.deadline_ms();
  const loaded = await handle.load(launch.load, load_ms, (stage, fraction) => {
    context.onProgress(stageWords(stage), fraction);
  });
  if (loaded.kind === 'failed') fail(loaded.failure, load_ms);
  else await makeNeeded(handle, launch, context, references, { ...time, fail, leaveOut });
  signal.removeEventListener('abort', abandon);
  await handle.stop();
}

async function makeNeeded(
  handle: WorkerHandle,
  launch: ReferenceLaunch,
  context: GateContext,
  references: Map<string, Reference>,
  time: ReferenceTime & {
    readonly fail: (failure: Failure, deadline_ms: number) => void;
    readonly leaveOut: (reason: Words) => void;
  },
): Promise<void> {
  for (const need of launch.needs) {
    if (context.signal.aborted) return;
    const spent = time.spent();
    if (spent !== undefined) {
      time.leaveOut(spent);
      return;
    }
    const logits =
      launch.declaration.capabilities.logits && need.cell.depthTokens === 0
        ? logitsFile(context, need)
        : undefined;
    const deadline_ms = time.deadline_ms();
    const made = await makeReference(handle, need, launch.promptsOf(need), logits, deadline_ms);
    if (made.kind === 'ok') references.set(need.signature, made.reference);
    else time.fail(made.failure, deadline_ms);
  }
}

function checker(references: ReadonlyMap<string, Reference>, context: GateContext): Gate['afterCell'] {
  const scored = new Set<string>();
  return async (handle, { cell, cellKey }, result, launch, peers) => {
    const reference = references.get(promptSignature(cell));
    if (reference === undefined || result.kind !== 'measured' || otherWork(cell) !== undefined) return;
    const referenceDigest = contentHash(reference.tokens);
    if (precisionKind(cell.precision).lossless) {
      // Drawn tokens are not the most likely ones, and prove nothing about the logits that they were drawn from.
      if (cell.temperature !== undefined) return;
      const score = equalTokens(result.tokens, reference.tokens);
      if (score.positions === 0) return;
      context.record({ kind: 'agreement', cellKey, launch, method: 'equal-tokens', score, referenceDigest });
      return;
    }
    // Teacher forcing starts from the prompt alone: at a depth it would be fed another text than the reference saw.
    if (scored.has(cellKey) || cell.depthTokens > 0) return;
    if (context.time.isUp()) return;
    const same = peers.filter((peer) => sameText(peer.cell, cell));
    for (const peer of same) scored.add(peer.cellKey);
    const deadline_ms = context.time.deadline_ms(DEADLINE_MS);
    const scoring = await teacherForced(handle, reference, deadline_ms);
    if (scoring.kind === 'failed') {
      if (context.signal.aborted || isBeyondBudget(scoring.failure, deadline_ms, DEADLINE_MS)) return;
      context.record({ kind: 'failure', launch, cellKey, failure: scoring.failure });
      return;
    }
    // What was scored is the loaded model on the reference's text: it holds for every cell of the launch that shares it.
    for (const peer of same) {
      context.record({
        kind: 'agreement',
        cellKey: peer.cellKey,
        launch,
        method: 'teacher-forced',
        score: scoring.value,
        referenceDigest,
      });
    }
  };
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

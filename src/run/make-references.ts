/** Makes the references of a model in a launch of their own, as far as the time goes. */
import { join } from 'node:path';
import type { EngineDeclaration } from '../engines/declaration.ts';
import type { Executor, WorkerHandle } from '../executors/executor.ts';
import type { JournalRecord } from '../journal/records.ts';
import type { Words } from '../kernel/language.ts';
import type { Failure } from '../protocol/failure.ts';
import type { LoadRequest } from '../protocol/frames.ts';
import { stageWords } from '../protocol/stage-words.ts';
import { makeReference, type Reference, type ReferenceNeed } from './reference.ts';
import { type ReferenceTime, referenceTime } from './reference-time.ts';
import { stoppedOnce } from './stopped-once.ts';
import type { TimeLimit } from './time-limit.ts';

/** The launch that makes the references of a model. */
export interface ReferenceLaunch {
  /** Name of the model. */
  readonly model: string;
  readonly declaration: EngineDeclaration;
  readonly environment: Readonly<Record<string, string>>;
  readonly load: Omit<LoadRequest, 'kind' | 'id'>;
  readonly needs: readonly ReferenceNeed[];
  readonly promptsOf: (need: ReferenceNeed) => readonly (readonly number[])[];
}

/** What making references needs of the run. */
export interface ReferencesContext {
  readonly record: (record: JournalRecord) => void;
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

/** Stands for a launch in failures of the reference itself. */
const REFERENCE_LAUNCH = 'reference';

/** Where the logits of a reference are kept. */
export const logitsFile = (
  { folder }: Pick<ReferencesContext, 'folder'>,
  { signature }: ReferenceNeed,
): string => join(folder, `${signature}.f32`);

/** Adds them to `references` by signature; one that fails is recorded, and the cells that needed it are not checked. */
export async function makeReferences(
  launch: ReferenceLaunch,
  executor: Executor,
  context: ReferencesContext,
  references: Map<string, Reference>,
): Promise<void> {
  const { signal } = context;
  const time = referenceTime(context.time);
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
  context: ReferencesContext,
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

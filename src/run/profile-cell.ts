/** An untimed launch of one cell under the engine's own profiler; nothing of it enters the journal. */
import type { Cell } from '../axes/cell.ts';
import type { EngineDeclaration } from '../engines/declaration.ts';
import type { Executor } from '../executors/executor.ts';
import { type Maybe, missing, present } from '../kernel/maybe.ts';
import { type Failure, failureWords } from '../protocol/failure.ts';
import type { GenerateRequest } from '../protocol/frames.ts';
import type { Profile } from '../protocol/sample.ts';
import { launchEnvironment, loadRequest } from './launch-request.ts';

export interface ProfileTask {
  readonly cell: Cell;
  readonly declaration: EngineDeclaration;
  readonly executor: Executor;
  readonly modelPath: string;
  readonly cacheFolder: string;
  /** As it was measured. */
  readonly request: Omit<GenerateRequest, 'kind' | 'id'>;
}

const START_DEADLINE_MS = 60_000;
const LOAD_DEADLINE_MS = 1_800_000;
/** Steps cost alike, and a profile keeps every kernel of every step. */
const MAXIMUM_TOKENS = 32;

/** The profile of the cell's decode steps, or why there is none. */
export async function profileCell(task: ProfileTask): Promise<Maybe<Profile>> {
  const { cell, declaration, executor } = task;
  if (declaration.capabilities.profiler !== true)
    return missing({
      en: `${declaration.title} has no profiler that Hayasa can read`,
      ja: `${declaration.title} に、Hayasa が読めるプロファイラーがありません`,
    });
  const started = await executor.start({
    declaration,
    environment: launchEnvironment(declaration, cell),
    startDeadline_ms: START_DEADLINE_MS,
    ...(cell.engineVersion === undefined ? {} : { engineVersion: cell.engineVersion }),
  });
  if (started.kind === 'failed') return failed(started.failure);
  const handle = started.value;
  const load = loadRequest({ identity: cell }, [{ cell }], task.modelPath, task.cacheFolder);
  const loaded = await handle.load(load, LOAD_DEADLINE_MS);
  const outcome =
    loaded.kind === 'failed'
      ? loaded
      : await handle.generate({
          ...task.request,
          outputTokens: task.request.outputTokens.map((tokens) => Math.min(tokens, MAXIMUM_TOKENS)),
          profile: true,
        });
  await handle.stop();
  if (outcome.kind === 'failed') return failed(outcome.failure);
  const { profile } = outcome.value;
  return profile === undefined
    ? missing({ en: 'the engine gave no profile', ja: 'エンジンがプロファイルを返しませんでした' })
    : present(profile);
}

const failed = (failure: Failure): Maybe<Profile> => missing(failureWords(failure));

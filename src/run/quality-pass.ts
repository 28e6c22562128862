/**
 * One loaded model over the windows of a text, teacher-forced: the log-likelihood of each window, and over the first
 * windows the agreement with a reference's logits. Nothing of it is timed.
 */

import { join } from 'node:path';
import type { EngineDeclaration } from '../engines/declaration.ts';
import type { Executor, Outcome, WorkerHandle } from '../executors/executor.ts';
import type { QualityScores } from '../journal/record-parts.ts';
import type { Words } from '../kernel/language.ts';
import type { Effective, LoadRequest } from '../protocol/frames.ts';
import { stageWords } from '../protocol/stage-words.ts';
import type { ScoredWindow } from '../text/scored-windows.ts';
import type { TimeLimit } from './time-limit.ts';

export interface QualityTask {
  readonly declaration: EngineDeclaration;
  readonly engineVersion: string | undefined;
  readonly environment: Readonly<Record<string, string>>;
  readonly load: Omit<LoadRequest, 'kind' | 'id'>;
  readonly windows: readonly ScoredWindow[];
  /** Where the reference writes its logits and the others read them, for this many windows; undefined = nowhere. */
  readonly logits: LogitsOfWindows | undefined;
  /** Asked between windows; what was scored by then is given up. Absent: nobody interrupts. */
  readonly interrupted?: () => boolean;
  /** Ends what takes longer; absent where there is no budget. */
  readonly time?: TimeLimit;
}

export interface LogitsOfWindows {
  readonly folder: string;
  readonly mode: 'write' | 'compare';
  readonly windows: number;
}

export interface QualityOutcome {
  readonly scores: QualityScores;
  readonly effective: Effective;
}

/** The reference's logits are kept up to this size while the others are compared with them. */
const MOST_LOGITS_BYTES = 512 * 2 ** 20;
const START_DEADLINE_MS = 60_000;
const LOAD_DEADLINE_MS = 600_000;
const WINDOW_DEADLINE_MS = 300_000;

/** How many of the first windows can be compared by logits, by the size of the reference's files. */
export function comparedWindows(windows: readonly ScoredWindow[], vocabularySize: number): number {
  let bytes = 0;
  const beyond = windows.findIndex(({ tokens }) => {
    bytes += 4 * tokens.length * vocabularySize;
    return bytes > MOST_LOGITS_BYTES;
  });
  return beyond === -1 ? windows.length : beyond;
}

/** `onProgress` gets the share that is done. A failure of the worker is an outcome; never throws. */
export async function scoreWindows(
  task: QualityTask,
  executor: Executor,
  onProgress: (stage: Words, fraction: number) => void,
): Promise<Outcome<QualityOutcome>> {
  const { declaration, engineVersion, environment } = task;
  const within = deadlines(task);
  const started = await executor.start({
    declaration,
    engineVersion,
    environment,
    startDeadline_ms: within(START_DEADLINE_MS),
  });
  if (started.kind === 'failed') return started;
  const handle = started.value;
  try {
    const loaded = await handle.load(task.load, within(LOAD_DEADLINE_MS), (stage, fraction) => {
      onProgress(stageWords(stage), fraction);
    });
    if (loaded.kind === 'failed') return loaded;
    const scored = await scoreLoaded(handle, task, onProgress);
    if (scored.kind === 'failed') return scored;
    return { kind: 'ok', value: { scores: scored.value, effective: loaded.value.effective } };
  } finally {
    await handle.stop();
  }
}

async function scoreLoaded(
  handle: WorkerHandle,
  task: QualityTask,
  onProgress: (stage: Words, fraction: number) => void,
): Promise<Outcome<QualityScores>> {
  const { windows, logits, interrupted, time } = task;
  const within = deadlines(task);
  const logLikelihoods: number[] = [];
  const compared = { positions: 0, equalChoices: 0, divergence: 0 };
  for (const [index, { context, tokens }] of windows.entries()) {
    if (interrupted?.() === true) return stopped({ en: 'interrupted', ja: '中断されました' });
    if (time?.isUp() === true)
      return stopped({ en: 'the budget was used up', ja: '制限時間を使い切りました' });
    onProgress({ en: 'windows of the text', ja: '文章の窓' }, index / windows.length);
    const file = logits !== undefined && index < logits.windows ? logits : undefined;
    const scored = await handle.score({
      prompts: [[...context]],
      continuations: [[...tokens]],
      ...(file === undefined
        ? {}
        : { logitsFile: { path: join(file.folder, `window-${index}.f32`), mode: file.mode } }),
      deadline_ms: within(WINDOW_DEADLINE_MS),
    });
    if (scored.kind === 'failed') return scored;
    const { positions, meanKlDivergence, equalChoices, logLikelihoods: [likelihood] = [] } = scored.value;
    if (likelihood === undefined) return noLikelihood;
    logLikelihoods.push(likelihood);
    if (meanKlDivergence === undefined || equalChoices === undefined) continue;
    compared.positions += positions;
    compared.equalChoices += equalChoices;
    compared.divergence += meanKlDivergence * positions;
  }
  const { positions, equalChoices, divergence } = compared;
  return {
    kind: 'ok',
    value: {
      logLikelihoods,
      ...(positions === 0
        ? {}
        : { agreement: { positions, equalChoices, meanKlDivergence: divergence / positions } }),
    },
  };
}

const deadlines =
  ({ time }: QualityTask) =>
  (own_ms: number): number =>
    time?.deadline_ms(own_ms) ?? own_ms;

const stopped = (message: Words): Outcome<never> => ({
  kind: 'failed',
  failure: { cause: 'cancelled', message },
});

const noLikelihood: Outcome<never> = {
  kind: 'failed',
  failure: {
    cause: 'unsupported',
    message: { en: 'this engine gives no likelihoods', ja: 'このエンジンは尤度を出しません' },
  },
};

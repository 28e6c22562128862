/**
 * One measured generation in a worker process: load, warm up, generate, stop. What a reader watches is the warm-up, with
 * all its tokens: nothing is printed while the measured generation runs.
 */

import type { Cell } from '../../axes/cell.ts';
import type { EngineDeclaration } from '../../engines/declaration.ts';
import { type MemoryEstimate, type Support, totalBytes, unsupported } from '../../engines/declaration.ts';
import type { OnTokens, Outcome, WorkerHandle } from '../../executors/executor.ts';
import { createExecutor, defaultExecutorId } from '../../executors/registry.ts';
import type { Host } from '../../host/host.ts';
import { EXIT, HayasaError } from '../../kernel/errors.ts';
import { asWords, type Language, type Words } from '../../kernel/language.ts';
import { presentValue } from '../../kernel/maybe.ts';
import { readMachineFacts } from '../../machine/facts.ts';
import type { Failure } from '../../protocol/failure.ts';
import type { GenerateRequest, Loaded } from '../../protocol/frames.ts';
import type { Sample } from '../../protocol/sample.ts';
import { stageWords } from '../../protocol/stage-words.ts';
import { launchEnvironment, loadRequest } from '../../run/launch-request.ts';
import { formatBytes } from '../ui/numbers.ts';
import type { GenerateModel } from './model.ts';

export interface Generation {
  readonly loaded: Loaded;
  /** From the request of the load to its end. */
  readonly load_ms: number;
  readonly sample: Sample;
}

/** What is told while it goes on. */
export interface GenerationEvents {
  readonly onProgress: (stage: Words, fraction: number) => void;
  readonly onLoaded: (loaded: Loaded, load_ms: number) => void;
  /** New tokens of the warm-up, each as [sequence, token id]; where it is given, the warm-up has full length. */
  readonly onTokens: OnTokens | undefined;
  /** The warm-up is over. */
  readonly onWarm: () => void;
}

type Request = Omit<GenerateRequest, 'kind' | 'id'>;

const START_DEADLINE_MS = 30_000;
const LOAD_DEADLINE_MS = 600_000;
export const GENERATE_DEADLINE_MS = 600_000;
/** Enough for every kernel and buffer to have been used once. */
const WARM_UP_TOKENS = 2;

/**
 * @throws HayasaError `generate/unsupported`, `generate/not-enough-memory` before anything is started, `generate/<cause>`
 * for what the worker reported
 */
export async function generateOnce(
  host: Host,
  declaration: EngineDeclaration,
  model: GenerateModel,
  cell: Cell,
  request: Request,
  events: GenerationEvents,
): Promise<Generation> {
  checkFeasible(host, declaration, cell, model);
  const executor = createExecutor(defaultExecutorId(declaration), host);
  const environment = launchEnvironment(declaration, cell);
  const handle = unwrap(
    await executor.start({ declaration, environment, startDeadline_ms: START_DEADLINE_MS }),
  );
  try {
    return await useWorker(host, handle, model, cell, request, events);
  } finally {
    await handle.stop();
  }
}

async function useWorker(
  { clock, system }: Host,
  handle: WorkerHandle,
  model: GenerateModel,
  cell: Cell,
  request: Request,
  events: GenerationEvents,
): Promise<Generation> {
  const requested_ns = clock.monotonic_ns();
  const load = loadRequest({ identity: cell }, [{ cell }], model.path, system.cacheFolder);
  const loaded = unwrap(
    await handle.load(load, LOAD_DEADLINE_MS, (stage, fraction) => {
      events.onProgress(stageWords(stage), fraction);
    }),
  );
  const load_ms = Number(clock.monotonic_ns() - requested_ns) / 1e6;
  events.onLoaded(loaded, load_ms);
  const { onTokens } = events;
  const outputTokens = request.outputTokens.map((count) => Math.min(count, WARM_UP_TOKENS));
  const warmUp = onTokens === undefined ? { ...request, outputTokens } : { ...request, stream: true };
  unwrap(await handle.generate(warmUp, onTokens));
  events.onWarm();
  return { loaded, load_ms, sample: unwrap(await handle.generate(request)) };
}

function checkFeasible(
  host: Host,
  declaration: EngineDeclaration,
  cell: Cell,
  { shape, file }: Pick<GenerateModel, 'shape' | 'file'>,
): void {
  const { modelFiles } = declaration;
  let support: Support = unsupported({ en: 'it reads no GGUF files', ja: 'GGUF ファイルを読みません' });
  let memory: (() => MemoryEstimate) | undefined;
  if (file !== undefined && modelFiles !== undefined) {
    support = modelFiles.supports(cell, file);
    memory = () => modelFiles.estimateMemory(cell, file);
  } else if (file === undefined && shape !== undefined) {
    support = declaration.supports(cell, shape);
    memory = () => declaration.estimateMemory(cell, shape);
  }
  if (support.kind === 'unsupported' || memory === undefined) {
    const reason = support.kind === 'unsupported' ? support.reason : MEMORY_UNKNOWN;
    throw new HayasaError({
      code: 'generate/unsupported',
      message: { en: `${declaration.id}: ${reason.en}`, ja: `${declaration.id}: ${reason.ja}` },
      hint: {
        en: 'hayasa engines says what each engine can do',
        ja: '各エンジンに何ができるかは hayasa engines が示します',
      },
      exitCode: EXIT.refusedByPlan,
    });
  }
  const neededBytes = totalBytes(memory());
  const availableBytes = presentValue(readMachineFacts(host).memory.availableBytes);
  if (availableBytes !== undefined && neededBytes > availableBytes) {
    throw new HayasaError({
      code: 'generate/not-enough-memory',
      message: {
        en: `needs about ${formatBytes(neededBytes)} of memory, ${formatBytes(availableBytes)} are available`,
        ja: `メモリが約 ${formatBytes(neededBytes)} 必要ですが、使えるのは ${formatBytes(availableBytes)} です`,
      },
      hint: {
        en: 'lower --batch or --output-tokens, or choose a precision with fewer bits',
        ja: '--batch か --output-tokens を下げるか、ビット数の少ない精度を選んでください',
      },
      exitCode: EXIT.refusedByPlan,
    });
  }
}

const MEMORY_UNKNOWN: Words = { en: 'its memory is unknown', ja: '必要なメモリがわかりません' };

function unwrap<T>(outcome: Outcome<T>): T {
  if (outcome.kind === 'ok') return outcome.value;
  throw failureError(outcome.failure);
}

const LAST_WORDS: Words = { en: "; the worker's last words: ", ja: '。ワーカーの最後の出力: ' };

function failureError({ cause, message, hint, stderrTail }: Failure): HayasaError {
  const tail = (language: Language): string =>
    stderrTail === undefined || stderrTail === '' ? '' : `${LAST_WORDS[language]}${stderrTail.trim()}`;
  const words = asWords(message);
  return new HayasaError({
    code: `generate/${cause}`,
    message: { en: `${words.en}${tail('en')}`, ja: `${words.ja}${tail('ja')}` },
    ...(hint === undefined ? {} : { hint: asWords(hint) }),
    exitCode: cause === 'unsupported' ? EXIT.refusedByPlan : EXIT.finishedWithFailures,
  });
}

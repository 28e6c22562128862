/**
 * A second thread of this process, for work that takes seconds on one CPU. It answers one question after the other; both are
 * plain data, shared memory stays shared. Its module calls `serveHelper`.
 */
import { parentPort, type ResourceLimits, Worker } from 'node:worker_threads';

export interface HelperThread<Question, Answer> {
  /** Rejects where the thread fails to start, throws or ends. One question at a time. */
  ask(question: Question): Promise<Answer>;
  end(): Promise<void>;
}

type Reply<Answer> =
  | { readonly kind: 'answer'; readonly answer: Answer }
  | { readonly kind: 'failed'; readonly message: string };

interface Waiting<Answer> {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

/** What is made for one answer dies young: with room for it, V8 copies little of it. */
const LIMITS: ResourceLimits = { maxYoungGenerationSizeMb: 192 };

/** Starts the thread of the compiled `module`. */
export function helperThread<Question, Answer>(module: URL): HelperThread<Question, Answer> {
  const worker = new Worker(module, { resourceLimits: LIMITS });
  let waiting: Waiting<Answer> | undefined;
  let ended: Error | undefined;
  const fail = (error: Error): void => {
    ended ??= error;
    waiting?.reject(error);
    waiting = undefined;
  };
  worker.on('message', (reply: Reply<Answer>) => {
    if (reply.kind === 'answer') waiting?.resolve(reply.answer);
    else waiting?.reject(new Error(reply.message));
    waiting = undefined;
  });
  worker.on('error', fail);
  worker.on('exit', (code) => {
    fail(new Error(`the helper thread ended with ${code}`));
  });
  return {
    ask: (question) =>
      new Promise((resolve, reject) => {
        if (ended !== undefined) reject(ended);
        else {
          waiting = { resolve, reject };
          worker.postMessage(question);
        }
      }),
    end: async () => {
      await worker.terminate();
    },
  };
}

/** In the thread: answers every question. */
export function serveHelper<Question, Answer>(answer: (question: Question) => Answer): void {
  parentPort?.on('message', (question: Question) => {
    parentPort?.postMessage(replyTo(question, answer));
  });
}

function replyTo<Question, Answer>(
  question: Question,
  answer: (question: Question) => Answer,
): Reply<Answer> {
  try {
    return { kind: 'answer', answer: answer(question) };
  } catch (error) {
    return { kind: 'failed', message: error instanceof Error ? error.message : String(error) };
  }
}

/** One request -> one answer: the same for an engine in a compute thread and for one in the controller's own process. */
import { assertNever } from '../kernel/errors.ts';
import type { Failure } from '../protocol/failure.ts';
import type { GenerateRequest, LoadRequest, ScoreRequest, WorkerFrame } from '../protocol/frames.ts';
import type { ComputeContext, WorkerEngine } from './engine.ts';
import { failureOf } from './failure-of.ts';

export type EngineRequest = LoadRequest | GenerateRequest | ScoreRequest;
export type Answer = Extract<WorkerFrame, { kind: 'loaded' | 'sample' | 'scored' | 'failed' }>;

export interface RequestContext extends ComputeContext {
  /** Why `cancelled()` is true, or undefined. */
  cancelReason(): 'cancelled' | 'timeout' | undefined;
}

/** Never throws: what the engine throws becomes `failed`. A generation cut short is a failure, not a sample. */
export async function answer(
  engine: WorkerEngine,
  request: EngineRequest,
  context: RequestContext,
): Promise<Answer> {
  const { id } = request;
  try {
    switch (request.kind) {
      case 'load':
        return { kind: 'loaded', id, ...(await engine.load(request, context)) };
      case 'generate': {
        const sample = engine.generate(request, context);
        const cut = sample.sequences.some((sequence) => sequence.finish === 'cancelled');
        return cut
          ? { kind: 'failed', id, failure: cutShort(context, request) }
          : { kind: 'sample', id, sample };
      }
      case 'score': {
        const score = engine.score(request, context);
        const reason = context.cancelReason();
        return reason === undefined
          ? { kind: 'scored', id, score }
          : { kind: 'failed', id, failure: cutShort(context, request) };
      }
      default:
        return assertNever(request, 'request');
    }
  } catch (error) {
    return { kind: 'failed', id, failure: failureOf(error) };
  }
}

function cutShort(context: RequestContext, request: GenerateRequest | ScoreRequest): Failure {
  return context.cancelReason() === 'timeout'
    ? {
        cause: 'timeout',
        message: {
          en: `not finished after ${request.deadline_ms} ms`,
          ja: `${request.deadline_ms} ms で終わりませんでした`,
        },
      }
    : { cause: 'cancelled', message: { en: 'cancelled', ja: '取り消されました' } };
}

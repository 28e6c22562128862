/** Requests that wait for their answer, by id. Settles each exactly once. */
import type { Failure } from '../protocol/failure.ts';
import type { WorkerFrame } from '../protocol/frames.ts';

export type AnswerFrame = Exclude<WorkerFrame, { kind: 'bye' | 'progress' | 'tokens' }>;
export type Settled =
  | { readonly kind: 'answer'; readonly frame: AnswerFrame }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** What may arrive before the answer. */
export interface Listeners {
  readonly onProgress?: ((stage: string, fraction: number) => void) | undefined;
  /** New tokens of a streamed generation, each as [sequence, token id]. */
  readonly onTokens?: ((tokens: readonly (readonly [number, number])[]) => void) | undefined;
  /** The request was written. */
  readonly onSent?: (() => void) | undefined;
  /** Bytes have arrived while the request waits; called before they are decoded. */
  readonly onBytes?: (() => void) | undefined;
}

interface Waiting {
  readonly settle: (settled: Settled) => void;
  readonly listeners: Listeners;
}

export class Requests {
  private readonly waiting = new Map<number, Waiting>();
  private lastId = 0;

  /** Ids start at 1; 0 belongs to the handshake. */
  nextId(): number {
    this.lastId += 1;
    return this.lastId;
  }

  wait(id: number, listeners: Listeners = {}): Promise<Settled> {
    return new Promise((settle) => {
      this.waiting.set(id, { settle, listeners });
    });
  }

  /** False where nobody waits for `id`. */
  answer(id: number, frame: AnswerFrame): boolean {
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    waiting?.settle(
      frame.kind === 'failed' ? { kind: 'failed', failure: frame.failure } : { kind: 'answer', frame },
    );
    return waiting !== undefined;
  }

  progress(id: number, stage: string, fraction: number): void {
    this.waiting.get(id)?.listeners.onProgress?.(stage, fraction);
  }

  tokens(id: number, tokens: readonly (readonly [number, number])[]): void {
    this.waiting.get(id)?.listeners.onTokens?.(tokens);
  }

  fail(id: number, failure: Failure): void {
    const waiting = this.waiting.get(id);
    this.waiting.delete(id);
    waiting?.settle({ kind: 'failed', failure });
  }

  failAll(failure: Failure): void {
    for (const id of [...this.waiting.keys()]) this.fail(id, failure);
  }

  /** The id of the newest request that still waits. */
  newest(): number | undefined {
    return [...this.waiting.keys()].at(-1);
  }
}

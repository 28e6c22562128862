/** A loaded model: session, settings, and the buffers of the last shape, reused while the shape stays. */

import type { GraphVariant } from '../../models/onnx/variant.ts';
import type { ModelShape } from '../../models/shape.ts';
import type { OrtRuntime, OrtSession } from '../../native/onnxruntime/runtime.ts';
import { allocate } from '../../native/onnxruntime/tensor.ts';
import { createKvCache, type KvCache } from './kv-cache.ts';
import { createStep, type Step } from './step.ts';

export interface LoadedModel {
  readonly runtime: OrtRuntime;
  readonly session: OrtSession;
  /** Of steps of several tokens a sequence, where they have a graph of their own. */
  readonly prefillSession?: OrtSession;
  readonly shape: ModelShape;
  readonly variant: GraphVariant;
  readonly kvCache: 'on' | 'off';
  readonly promptPadding: 'computed' | 'skipped';
}

/** The workspace of the model is released before. */
export function releaseSessions({ session, prefillSession }: LoadedModel): void {
  session.release();
  prefillSession?.release();
}

/** Which step: slots [firstSlot, firstSlot + batch), `length` new tokens each. */
export interface StepShape {
  readonly firstSlot: number;
  readonly batch: number;
  readonly length: number;
  readonly logits?: boolean;
  /** Memory for the ids, shared by steps that never run at the same time. */
  readonly idsMemory?: BigInt64Array<ArrayBuffer>;
}

/** The cache of one (slots, capacity) and the steps that were made over it. */
export class Workspace {
  readonly #model: LoadedModel;
  #cache: KvCache | undefined;
  readonly #steps = new Map<string, Step>();
  /** For all steps that put out logits: they never run at the same time. */
  #logits: Float32Array<ArrayBuffer> | undefined;

  constructor(model: LoadedModel) {
    this.#model = model;
  }

  /** Makes a cache of this size the current one; what was made for another size is released. */
  reserve(slots: number, capacity: number): void {
    if (this.#cache?.slots === slots && this.#cache.capacity === capacity) return;
    this.release();
    const { runtime, shape, variant } = this.#model;
    this.#cache = createKvCache(runtime, { shape, format: variant.kvCacheFormat, slots, capacity });
  }

  /** The step of this shape over the current cache, made at the first call. @throws OrtError */
  step({ firstSlot, batch, length, logits = false, idsMemory }: StepShape): Step {
    const key = `${firstSlot} ${batch} ${length} ${logits}`;
    const known = this.#steps.get(key);
    if (known !== undefined) return known;
    const { runtime, session, prefillSession = session, variant } = this.#model;
    if (this.#cache === undefined) throw new Error('no cache is reserved');
    const step = createStep({
      runtime,
      session: length > 1 ? prefillSession : session,
      cache: this.#cache,
      firstSlot,
      batch,
      length,
      positions: variant.attention === 'plain',
      ...(logits ? { logits: this.#logitsFor(batch) } : {}),
      ...(idsMemory === undefined ? {} : { idsMemory }),
    });
    this.#steps.set(key, step);
    return step;
  }

  #logitsFor(batch: number): { readonly vocabularySize: number; readonly memory: Float32Array<ArrayBuffer> } {
    const { vocabularySize } = this.#model.shape;
    if (this.#logits === undefined || this.#logits.length < batch * vocabularySize) {
      this.#logits = allocate('float32', Math.max(batch, this.#cache?.slots ?? 0) * vocabularySize);
    }
    return { vocabularySize, memory: this.#logits };
  }

  release(): void {
    this.#logits = undefined;
    for (const step of this.#steps.values()) step.release();
    this.#steps.clear();
    this.#cache?.release();
    this.#cache = undefined;
  }
}

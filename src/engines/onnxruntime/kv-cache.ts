/**
 * The KV cache: one buffer per layer and part, [slots, heads, capacity, headSize], of our own memory. A range of slots is
 * contiguous, so a tensor over it shares the memory: a prompt is prefilled straight into its slot.
 */
import type { ModelShape } from '../../models/shape.ts';
import type { OrtRuntime } from '../../native/onnxruntime/runtime.ts';
import { allocate, type OrtTensor } from '../../native/onnxruntime/tensor.ts';

export interface KvCacheInit {
  readonly shape: ModelShape;
  readonly format: 'float32' | 'float16';
  readonly slots: number;
  /** Positions per slot. */
  readonly capacity: number;
}

export interface KvCache {
  readonly slots: number;
  readonly capacity: number;
  /** One tensor per layer and part over slots [first, first + count); the same call gives the same tensors. */
  range(first: number, count: number): readonly KvTensor[];
  /** Releases tensors and memory. */
  release(): void;
}

export interface KvTensor {
  /** `<layer>.k` or `<layer>.v` */
  readonly name: string;
  readonly tensor: OrtTensor;
}

/** @throws RangeError where the memory is not to be had */
export function createKvCache(runtime: OrtRuntime, init: KvCacheInit): KvCache {
  const { shape, format, slots, capacity } = init;
  const perSlot = shape.kvHeadCount * capacity * shape.headSize;
  const buffers = Array.from({ length: shape.layerCount }, (_, layer) =>
    ['k', 'v'].map((part) => ({ name: `${layer}.${part}`, memory: allocate(format, slots * perSlot) })),
  ).flat();
  const ranges = new Map<string, readonly KvTensor[]>();
  const range = (first: number, count: number): readonly KvTensor[] => {
    const key = `${first}+${count}`;
    const known = ranges.get(key);
    if (known !== undefined) return known;
    const dimensions = [count, shape.kvHeadCount, capacity, shape.headSize];
    const tensors = buffers.map(({ name, memory }) => {
      const part = memory.subarray(first * perSlot, (first + count) * perSlot);
      return { name, tensor: runtime.tensor(format, dimensions, part) };
    });
    ranges.set(key, tensors);
    return tensors;
  };
  return {
    slots,
    capacity,
    range,
    release: () => {
      for (const tensors of ranges.values()) for (const { tensor } of tensors) tensor.release();
      ranges.clear();
      buffers.length = 0;
    },
  };
}

/**
 * One kind of step with everything bound: `batch` sequences of `length` new tokens each, in slots [firstSlot, firstSlot +
 * batch) of a cache. Inputs and outputs are plain arrays that the library reads and writes; running allocates nothing.
 */
import type { OrtBinding, OrtRuntime, OrtSession } from '../../native/onnxruntime/runtime.ts';
import {
  allocate,
  type ElementArray,
  type ElementType,
  type OrtTensor,
} from '../../native/onnxruntime/tensor.ts';
import type { KvCache } from './kv-cache.ts';

export interface StepInit {
  readonly runtime: OrtRuntime;
  readonly session: OrtSession;
  readonly cache: KvCache;
  readonly firstSlot: number;
  readonly batch: number;
  readonly length: number;
  /** Whether the graph reads `positions` (plain attention). */
  readonly positions: boolean;
  /** Where logits are wanted, and memory for them: at least batch * vocabularySize, from `allocate`. */
  readonly logits?: { readonly vocabularySize: number; readonly memory: Float32Array<ArrayBuffer> };
  /** Memory for the ids instead of its own: at least batch * length, from `allocate`. */
  readonly idsMemory?: BigInt64Array<ArrayBuffer>;
}

export interface Step {
  readonly batch: number;
  readonly length: number;
  /** [batch * length] */
  readonly ids: BigInt64Array;
  /** [batch], after `run`. */
  readonly next: BigInt64Array;
  /** [batch * vocabulary], after `run` and until another step runs; empty where not asked for. */
  readonly logits: Float32Array;
  /** Puts whole token rows in, padded on the right, after `past` tokens that are in the cache. */
  setRows(rows: readonly (readonly number[])[], past: number): void;
  /** Says at which position row `row`'s single token stands (decode). */
  setPosition(row: number, position: number): void;
  /** Longest sequence with its cache. */
  setTotal(total: number): void;
  /** Blocks until `next` is there. @throws OrtError */
  run(): void;
  release(): void;
}

export function createStep(init: StepInit): Step {
  const { runtime, session, cache, firstSlot, batch, length } = init;
  const binding = session.createBinding();
  const own: OrtTensor[] = [];
  const bind = <T extends ElementType>(
    how: 'bindInput' | 'bindOutput',
    name: string,
    type: T,
    dimensions: readonly number[],
    given?: ElementArray<T>,
  ): ElementArray<T> => {
    const count = dimensions.reduce((product, d) => product * d, 1);
    const memory = given ?? allocate(type, count);
    const tensor = runtime.tensor(type, dimensions, memory);
    own.push(tensor);
    binding[how](name, tensor);
    return memory;
  };
  const idsMemory = init.idsMemory?.subarray(0, batch * length);
  const ids = bind('bindInput', 'input_ids', 'int64', [batch, length], idsMemory);
  const lastRows = bind('bindInput', 'last_rows', 'int64', [batch]);
  const lastPositions = bind('bindInput', 'last_positions', 'int32', [batch]);
  const total = bind('bindInput', 'total_length', 'int32', [1]);
  const positions = init.positions ? bind('bindInput', 'positions', 'int64', [batch, length]) : undefined;
  const next = bind('bindOutput', 'next', 'int64', [batch]);
  const logits =
    init.logits === undefined
      ? new Float32Array(0)
      : bind(
          'bindOutput',
          'logits',
          'float32',
          [batch, init.logits.vocabularySize],
          init.logits.memory.subarray(0, batch * init.logits.vocabularySize),
        );
  bindCache(binding, cache, firstSlot, batch);
  lastRows.forEach((_, row) => {
    lastRows[row] = BigInt(row * length + length - 1);
  });

  return {
    batch,
    length,
    ids,
    next,
    logits,
    setRows: (rows, past) => {
      for (const [row, tokens] of rows.entries()) {
        for (let i = 0; i < length; i += 1) {
          ids[row * length + i] = BigInt(tokens[i] ?? 0);
          if (positions !== undefined) positions[row * length + i] = BigInt(past + i);
        }
        lastRows[row] = BigInt(row * length + tokens.length - 1);
        lastPositions[row] = past + tokens.length - 1;
      }
      total[0] = past + length;
    },
    setPosition: (row, position) => {
      lastPositions[row] = position;
      if (positions !== undefined) positions[row] = BigInt(position);
    },
    setTotal: (value) => {
      total[0] = value;
    },
    run: () => binding.run(),
    release: () => {
      binding.release();
      for (const tensor of own) tensor.release();
    },
  };
}

/** Past and present are the same memory: no step copies the cache. */
function bindCache(binding: OrtBinding, cache: KvCache, firstSlot: number, batch: number): void {
  for (const { name, tensor } of cache.range(firstSlot, batch)) {
    binding.bindInput(`past.${name}`, tensor);
    binding.bindOutput(`present.${name}`, tensor);
  }
}

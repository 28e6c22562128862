/**
 * A `llama_batch` over buffers of our own: filled and submitted again and again without an allocation.
 * Shapes: N = capacity in tokens. Every token belongs to exactly one sequence.
 */
import koffi from 'koffi';
import type { BatchStruct } from './layouts.ts';

export interface TokenBatch {
  readonly capacity: number;
  readonly length: number;
  /** Passed to `llama_decode`; always describes the tokens added so far. */
  readonly struct: BatchStruct;
  /** Kept here so that what the struct's addresses point to lives as long as the batch. */
  readonly buffers: readonly ArrayBufferView[];
  clear(): void;
  /** Adds one token; `wantsLogits` asks for its row of logits. The batch must not be full. */
  add(token: number, position: number, sequence: number, wantsLogits: boolean): void;
}

export function tokenBatch(capacity: number): TokenBatch {
  // Small typed arrays may live on the movable heap: an ArrayBuffer of its own never moves.
  const int32 = () => new Int32Array(new ArrayBuffer(4 * capacity));
  const tokens = int32();
  const positions = int32();
  const sequenceCounts = int32().fill(1);
  const sequences = int32();
  const outputs = new Int8Array(new ArrayBuffer(capacity));
  const sequencesAddress = koffi.address(sequences.buffer);
  const sequencePointers = new BigUint64Array(new ArrayBuffer(8 * capacity));
  for (let i = 0; i < capacity; i += 1) sequencePointers[i] = sequencesAddress + 4n * BigInt(i);
  const struct: BatchStruct = {
    n_tokens: 0,
    token: koffi.address(tokens.buffer),
    embd: null,
    pos: koffi.address(positions.buffer),
    n_seq_id: koffi.address(sequenceCounts.buffer),
    seq_id: koffi.address(sequencePointers.buffer),
    logits: koffi.address(outputs.buffer),
  };
  return {
    capacity,
    struct,
    buffers: [tokens, positions, sequenceCounts, sequences, sequencePointers, outputs],
    get length() {
      return struct.n_tokens;
    },
    clear() {
      struct.n_tokens = 0;
    },
    add(token, position, sequence, wantsLogits) {
      const at = struct.n_tokens;
      if (at >= capacity) throw new RangeError(`token batch is full (${capacity} tokens)`);
      tokens[at] = token;
      positions[at] = position;
      sequences[at] = sequence;
      outputs[at] = wantsLogits ? 1 : 0;
      struct.n_tokens = at + 1;
    },
  };
}

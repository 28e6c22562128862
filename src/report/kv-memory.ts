/** KV-cache memory of a ladder's panel: exact counts over the lengths of its run, for three ways to allocate it. */
import { unpacked } from '../journal/packed-repeats.ts';
import type { JournalState } from '../journal/state.ts';
import { type Maybe, missing, present } from '../kernel/maybe.ts';
import { kvCacheBytesPerToken } from '../models/counts.ts';
import {
  KV_ALLOCATION_KINDS,
  type KvAllocation,
  kvAllocation,
  PAGED_BLOCK_POSITIONS,
  type SequenceLength,
} from '../models/kv-allocation.ts';
import type { KvCacheFormat } from '../models/precision.ts';
import type { ReportCell } from './input.ts';

export interface KvMemory {
  /** The cell whose lengths were counted: the first one of the ladder that was measured. */
  readonly cellKey: string;
  readonly sequences: number;
  /** Sequences at a time for slots and pages. */
  readonly slots: number;
  readonly blockPositions: number;
  readonly format: KvCacheFormat;
  /** Keys and values of one position in all layers. */
  readonly bytesPerPosition: number;
  /** In positions; times `bytesPerPosition` they are bytes. */
  readonly allocations: readonly KvAllocation[];
}

/**
 * Over the first measured generation of the first of `cells` that has one; slots are those of the first cell with
 * continuous batching, else the batch. Missing where nothing was measured or the shape is not known.
 */
export function kvMemory(
  cells: readonly ({ readonly cellKey: string } | undefined)[],
  planned: readonly ReportCell[],
  state: JournalState,
): Maybe<KvMemory> {
  const byKey = new Map(planned.map((cell) => [cell.cellKey, cell]));
  const known = cells.flatMap((cell) => byKey.get(cell?.cellKey ?? '') ?? []);
  const continuous = known.find(({ cell }) => cell.batching === 'continuous');
  for (const one of known) {
    const sequences = lengthsOf(one.cellKey, one.cell.depthTokens, state);
    if (sequences === undefined) continue;
    if (one.shape.kind === 'missing') return one.shape;
    const slots = continuous?.cell.slots ?? one.cell.batch;
    const demand = {
      sequences,
      mostNewTokens: one.cell.outputTokens,
      slots,
      blockPositions: PAGED_BLOCK_POSITIONS,
    };
    const format = one.precision.kvCache;
    return present({
      cellKey: one.cellKey,
      sequences: sequences.length,
      slots,
      blockPositions: PAGED_BLOCK_POSITIONS,
      format,
      bytesPerPosition: kvCacheBytesPerToken(one.shape.value, format),
      allocations: KV_ALLOCATION_KINDS.map((kind) => kvAllocation(kind, demand)),
    });
  }
  return missing({ en: 'no step of it was measured', ja: 'どの段も測定されていません' });
}

/** Of the first generation that ran to its end; a depth is in the cache before the prompt. */
function lengthsOf(cellKey: string, depthTokens: number, state: JournalState): SequenceLength[] | undefined {
  for (const { cells } of state.launches) {
    for (const { sample } of unpacked(cells.get(cellKey)?.repeats ?? [])) {
      const { sequences } = sample;
      const whole = sequences.every(({ finish, newTokens }) => finish !== 'cancelled' && newTokens > 0);
      if (whole && sequences.length > 0) {
        return sequences.map(({ inputTokens, newTokens }) => ({
          promptTokens: depthTokens + inputTokens,
          newTokens,
        }));
      }
    }
  }
  return undefined;
}

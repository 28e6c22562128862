/** What a context of llama.cpp needs for a cell, whatever the weights are: limits, KV cache, compute buffers. Pure. */
import type { Cell } from '../../axes/cell.ts';
import type { Words } from '../../kernel/language.ts';
import { kvCacheBytesPerToken } from '../../models/counts.ts';
import type { MemoryEstimate } from '../declaration.ts';
import { llamaCppOptions } from './options.ts';
import { cacheTypeOf, kvCacheFormats, type LlamaPrecision } from './precisions.ts';

/** llama.cpp's own limit of sequences in one context. */
export const MAXIMUM_SEQUENCES = 256;
export const COMPUTED_ROWS_ARE_STATIC: Words = {
  en: 'finishedRows computed needs static batching: continuous batching gives the slot of a finished row to the next request',
  ja: 'finishedRows computed には静的バッチが必要です: 連続バッチは、終わった行のスロットを次のリクエストに渡します',
};
/** The cache of each sequence is padded to a multiple of this many positions. */
const POSITION_PADDING = 256;
/** Allowance for Node.js, libraries, graph and scheduler: a rule of thumb on the large side. */
const BASE_BYTES = 128 * 2 ** 20;
/** Values of 4 bytes per token of a ubatch and hidden value in the compute buffer: a rule of thumb on the large side. */
const ACTIVATION_FACTOR = 12;

/** Positions that one sequence takes in the cache. */
export const paddedPositions = (positions: number): number =>
  Math.ceil(positions / POSITION_PADDING) * POSITION_PADDING;

/** Why `cell` cannot have a context, naming what to change; undefined where it can. */
export function contextProblem(cell: Cell, precision: LlamaPrecision, headSize: number): Words | undefined {
  const options = llamaCppOptions.safeParse(cell.options);
  if (!options.success) return { en: 'its options do not parse', ja: 'オプションを読み取れません' };
  const cacheType = cacheTypeOf(options.data, precision);
  const isQuantisedCache = cacheType === 'q8_0' || cacheType === 'q4_0';
  if (isQuantisedCache && options.data.flashAttention === 'off') {
    return {
      en: `kvCacheType ${cacheType} needs flashAttention on or auto`,
      ja: `kvCacheType ${cacheType} には flashAttention on か auto が必要です`,
    };
  }
  if (isQuantisedCache && headSize % 32 !== 0) {
    return {
      en: `kvCacheType ${cacheType} needs heads of a multiple of 32 values, not ${headSize}`,
      ja: `kvCacheType ${cacheType} にはヘッドの値の数が 32 の倍数である必要があり、${headSize} では使えません`,
    };
  }
  if (options.data.pinThreads && options.data.threadpool === 'per-step') {
    return {
      en: 'pinThreads needs threadpool kept: threads that end with a step cannot be pinned',
      ja: 'pinThreads には threadpool kept が必要です: ステップごとに終わるスレッドは固定できません',
    };
  }
  if (options.data.finishedRows === 'computed' && cell.batching === 'continuous') {
    return COMPUTED_ROWS_ARE_STATIC;
  }
  if (cell.slots > MAXIMUM_SEQUENCES) {
    return {
      en: `llama.cpp holds at most ${MAXIMUM_SEQUENCES} sequences at once, not ${cell.slots}`,
      ja: `llama.cpp が同時に保持できるのは ${MAXIMUM_SEQUENCES} 系列までで、${cell.slots} 系列は無理です`,
    };
  }
  if (cell.batching === 'continuous' && cell.depthTokens > 0) {
    return {
      en: 'a depth needs static batching: with continuous batching it would be filled inside the timed region',
      ja: 'depth には静的バッチが必要です: 連続バッチでは、計時区間の中で depth を埋めることになります',
    };
  }
  return undefined;
}

export interface ContextModel {
  readonly weightBytes: number;
  readonly layerCount: number;
  readonly kvHeadCount: number;
  readonly headSize: number;
  readonly hiddenSize: number;
  readonly feedForwardSize: number;
  readonly vocabularySize: number;
  /** Whether re-ordered weights take a second copy. */
  readonly isQuantised: boolean;
}

/** Peak memory of the worker for `cell`. */
export function contextMemory(cell: Cell, precision: LlamaPrecision, model: ContextModel): MemoryEstimate {
  const options = llamaCppOptions.parse(cell.options);
  const cacheType = cacheTypeOf(options, precision);
  const positions = paddedPositions(cell.depthTokens + cell.inputTokens + cell.outputTokens);
  const logits = 2 * 4 * cell.slots * model.vocabularySize;
  const activations = 4 * options.ubatch * (ACTIVATION_FACTOR * model.hiddenSize + 2 * model.feedForwardSize);
  const copies = options.repack && model.isQuantised ? model.weightBytes : 0;
  return {
    weightBytes: model.weightBytes,
    kvCacheBytes: cell.slots * positions * kvCacheBytesPerToken(model, kvCacheFormats[cacheType]),
    overheadBytes: BASE_BYTES + logits + activations + copies,
  };
}

/** llama.cpp through libllama's own C API: what it can do, and what a cell needs. Pure. */
import type { Cell } from '../../axes/cell.ts';
import { describeShape } from '../../models/architectures/registry.ts';
import { kvCacheBytesPerToken, weightBytes } from '../../models/counts.ts';
import type { ModelShape } from '../../models/shape.ts';
import {
  type EngineDeclaration,
  type MemoryEstimate,
  type Support,
  supported,
  unsupported,
} from '../declaration.ts';
import { llamaCppOptions } from './options.ts';
import {
  cacheTypeOf,
  kvCacheFormats,
  type LlamaPrecision,
  llamaPrecision,
  llamaPrecisions,
} from './precisions.ts';

/** llama.cpp's own limit of sequences in one context. */
export const MAXIMUM_SEQUENCES = 256;
/** The cache of each sequence is padded to a multiple of this many positions. */
const POSITION_PADDING = 256;
/** Allowance for Node.js, libraries, graph and scheduler: a rule of thumb on the large side. */
const BASE_BYTES = 128 * 2 ** 20;
/** Values of 4 bytes per token of a ubatch and hidden value in the compute buffer: a rule of thumb on the large side. */
const ACTIVATION_FACTOR = 12;

/** ggml stores a float16 scale per block, norms and biases in float32, and quantises the embedding too. */
const storage = { scaleBytes: 2, plainBytes: 4, quantisedEmbedding: true } as const;

export const llamaCppDeclaration: EngineDeclaration = {
  id: 'llama-cpp',
  title: 'llama.cpp',
  summary:
    'libllama v0.4.0 through its C API, on GGUF files written from the checkpoint (or any GGUF file as it is)',
  options: llamaCppOptions,
  precisions: llamaPrecisions.map(({ name, effective, ownName, note }) => ({
    name,
    effective,
    ownName,
    note,
  })),
  capabilities: {
    devices: ['cpu'],
    architectures: ['gpt-neox'],
    staticBatching: true,
    continuousBatching: true,
    raggedPrompts: true,
    naturalStop: true,
    depth: true,
    logits: true,
    cancel: true,
  },
  supports,
  estimateMemory,
  estimateCacheBytes: (cell, shape) => weightBytesOf(cell, shape),
  conformanceExceptions: {},
  worker: { kind: 'node' },
};

/** Positions that one sequence takes in the cache. */
export const paddedPositions = (positions: number): number =>
  Math.ceil(positions / POSITION_PADDING) * POSITION_PADDING;

function supports(cell: Cell, shape: ModelShape): Support {
  const precision = llamaPrecision(cell.precision);
  if (precision === undefined) {
    const known = llamaPrecisions.map(({ name }) => name).join(', ');
    return unsupported(`llama.cpp has no ${cell.precision}; use one of ${known}`);
  }
  if (cell.device !== 'cpu')
    return unsupported(`the delivered libraries compute on cpu only, not on ${cell.device}`);
  const options = llamaCppOptions.safeParse(cell.options);
  if (!options.success) return unsupported('its options do not parse');
  const { flashAttention } = options.data;
  const cacheType = cacheTypeOf(options.data, precision);
  const isQuantisedCache = cacheType === 'q8_0' || cacheType === 'q4_0';
  if (isQuantisedCache && flashAttention === 'off') {
    return unsupported(`kvCacheType ${cacheType} needs flashAttention on or auto`);
  }
  if (isQuantisedCache && shape.headSize % 32 !== 0) {
    return unsupported(
      `kvCacheType ${cacheType} needs heads of a multiple of 32 values, not ${shape.headSize}`,
    );
  }
  const rows = [shape.hiddenSize, shape.feedForwardSize];
  const odd = precision.effective.groupSize === undefined ? undefined : rows.find((size) => size % 32 !== 0);
  if (odd !== undefined) {
    return unsupported(
      `${precision.ownName} needs rows of a multiple of 32 values, not ${odd}; use fp32 or fp16`,
    );
  }
  if (cell.slots > MAXIMUM_SEQUENCES) {
    return unsupported(`llama.cpp holds at most ${MAXIMUM_SEQUENCES} sequences at once, not ${cell.slots}`);
  }
  if (cell.batching === 'continuous' && cell.depthTokens > 0) {
    return unsupported(
      'a depth needs static batching: with continuous batching it would be filled inside the timed region',
    );
  }
  return supported;
}

function estimateMemory(cell: Cell, shape: ModelShape): MemoryEstimate {
  const precision = llamaPrecision(cell.precision);
  const options = llamaCppOptions.parse(cell.options);
  const cacheType = precision === undefined ? 'f32' : cacheTypeOf(options, precision);
  const positions = paddedPositions(cell.depthTokens + cell.inputTokens + cell.outputTokens);
  const weights = weightBytesOf(cell, shape);
  const logits = 2 * 4 * cell.slots * shape.vocabularySize;
  const activations = 4 * options.ubatch * (ACTIVATION_FACTOR * shape.hiddenSize + 2 * shape.feedForwardSize);
  const copies = options.repack && precision?.effective.groupSize !== undefined ? weights : 0;
  return {
    weightBytes: weights,
    kvCacheBytes: cell.slots * positions * kvCacheBytesPerToken(shape, kvCacheFormats[cacheType]),
    overheadBytes: BASE_BYTES + logits + activations + copies,
  };
}

/** Bytes of the tensors in the file; a tied head is written a second time, because llama.cpp's gptneox wants its own. */
function weightBytesOf(cell: Cell, shape: ModelShape): number {
  const precision: LlamaPrecision | undefined = llamaPrecision(cell.precision);
  if (precision === undefined) return 0;
  const untied = describeShape({ ...shape, tiedEmbeddings: false });
  return weightBytes(untied, precision.effective, storage);
}

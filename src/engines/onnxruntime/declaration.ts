/** ONNX Runtime through its C API, over a graph that Hayasa writes from the model's description. */
import type { Cell } from '../../axes/cell.ts';
import { describeShape } from '../../models/architectures/registry.ts';
import { kvCacheBytesPerToken, weightBytes } from '../../models/counts.ts';
import { quantisedLayout } from '../../models/onnx/quantised-layout.ts';
import { FUSED_ROTARY_MULTIPLE, type GraphVariant } from '../../models/onnx/variant.ts';
import type { ModelShape } from '../../models/shape.ts';
import {
  type EngineDeclaration,
  type MemoryEstimate,
  type Support,
  supported,
  unsupported,
} from '../declaration.ts';
import { hugePageEnvironment } from '../huge-pages.ts';
import { type OnnxruntimeOptions, onnxruntimeOptions } from './options.ts';
import { effectivePrecision, graphVariant, onnxruntimePrecisions, prefillVariant } from './precisions.ts';

/** Node.js, the library and the session's own structures; see "Memory" in README.md. */
const RUNTIME_BYTES = 160 * 2 ** 20;

export const onnxruntimeDeclaration: EngineDeclaration = {
  id: 'onnxruntime',
  title: 'ONNX Runtime',
  summary: {
    en: "ONNX Runtime's C API over a graph written by Hayasa: own KV buffers, no copy per step, techniques as switches",
    ja: 'Hayasa が書いたグラフを ONNX Runtime の C API で: 独自の KV バッファー、ステップごとのコピーなし、技法はスイッチ',
  },
  options: onnxruntimeOptions,
  precisions: onnxruntimePrecisions,
  capabilities: {
    devices: ['cpu'],
    architectures: ['gpt-neox', 'llama', 'mistral', 'qwen2', 'qwen3', 'gemma3'],
    staticBatching: true,
    continuousBatching: true,
    raggedPrompts: true,
    naturalStop: true,
    depth: true,
    logits: true,
    sampling: true,
    cancel: true,
    profiler: true,
  },
  supports,
  estimateMemory,
  estimateCacheBytes,
  environment: hugePageEnvironment,
  recomputes: (cell) => optionsOf(cell).kvCache === 'off',
  referenceOptions: { attention: 'plain', graphOptimisation: 'basic', prepacking: false },
  conformanceExceptions: {},
  worker: { kind: 'node' },
};

const optionsOf = (cell: Cell): OnnxruntimeOptions => onnxruntimeOptions.parse(cell.options);

function supports(cell: Cell, shape: ModelShape): Support {
  const options = optionsOf(cell);
  const positions = cell.depthTokens + cell.inputTokens + cell.outputTokens;
  if (positions > shape.maximumPositions) {
    return unsupported({
      en: `${positions} tokens of context, but the model has ${shape.maximumPositions} positions: lower depth, input or output`,
      ja: `文脈が ${positions} トークンですが、モデルの位置は ${shape.maximumPositions} までです: depth、input、output のどれかを減らしてください`,
    });
  }
  const rotated = shape.rotary.dimensions;
  if (options.attention === 'fused' && (rotated === 0 || rotated % FUSED_ROTARY_MULTIPLE !== 0)) {
    return unsupported({
      en: `fused attention rotates in multiples of ${FUSED_ROTARY_MULTIPLE} dimensions, the model has ${rotated}: use attention plain`,
      ja: `融合 attention が回転するのは ${FUSED_ROTARY_MULTIPLE} の倍数の次元で、モデルは ${rotated} です: attention plain を使ってください`,
    });
  }
  if (options.kvCache === 'off' && cell.batching === 'continuous') {
    return unsupported({
      en: 'without a KV cache there are no slots to batch over: use batching static',
      ja: 'KV キャッシュがなければ、バッチにするスロットがありません: batching static を使ってください',
    });
  }
  if (cell.batching === 'continuous' && cell.depthTokens > 0) {
    return unsupported({
      en: 'a depth needs static batching: with continuous batching it would be filled inside the timed region',
      ja: 'depth には静的バッチが必要です: 連続バッチでは、計時区間の中で depth を埋めることになります',
    });
  }
  if (options.kvCache === 'off' && options.promptPadding === 'skipped') {
    return unsupported({
      en: 'without a KV cache every step computes the whole batch at one length: use promptPadding computed',
      ja: 'KV キャッシュがなければ、各ステップがバッチ全体を 1 つの長さで計算します: promptPadding computed を使ってください',
    });
  }
  if (options.kvCache === 'off' && options.prefillWeights === 'int8') {
    return unsupported({
      en: 'without a KV cache every step computes the whole sequences, none is a prefill: use prefillWeights same',
      ja: 'KV キャッシュがなければ、各ステップが系列全体を計算し、プリフィルというものがありません: prefillWeights same を使ってください',
    });
  }
  if (options.kvCache === 'off' && cell.depthTokens > 0) {
    return unsupported({
      en: 'without a KV cache there is nothing to hold the depth: use depth 0',
      ja: 'KV キャッシュがなければ、depth を保持するものがありません: depth 0 を使ってください',
    });
  }
  const unevenInputs = [shape.hiddenSize, shape.feedForwardSize, shape.headCount * shape.headSize].find(
    (size) => size % options.groupSize !== 0,
  );
  if ((cell.precision === 'w8' || cell.precision === 'w4') && unevenInputs !== undefined) {
    return unsupported({
      en: `${unevenInputs} inputs are not a multiple of groupSize ${options.groupSize}: use a smaller groupSize`,
      ja: `入力 ${unevenInputs} は groupSize ${options.groupSize} の倍数ではありません: より小さい groupSize を使ってください`,
    });
  }
  return supported;
}

function estimateMemory(cell: Cell, shape: ModelShape): MemoryEstimate {
  const options = optionsOf(cell);
  const precision = effectivePrecision(cell.precision, options);
  const description = describeShape(shape);
  // Weights of 16 bits are cast up at load, when both forms are there.
  const isHalf = precision.weights === 'float16';
  const held = weightBytes(description, isHalf ? { ...precision, weights: 'float32' } : precision);
  const ofPrefill =
    prefillVariant(cell.precision, options) === undefined
      ? 0
      : weightBytes(description, effectivePrecision('w8a8', options));
  const positions = cell.depthTokens + cell.inputTokens + cell.outputTokens;
  const rows =
    cell.batching === 'static' ? cell.batch * widestStep(cell, options) : widestStep(cell, options);
  const activations = rows * (2 * shape.feedForwardSize + 8 * shape.hiddenSize) * 4;
  const logits = cell.slots * shape.vocabularySize * 4;
  return {
    weightBytes: (isHalf ? 1.5 * held : held) + ofPrefill,
    kvCacheBytes: cell.slots * positions * kvCacheBytesPerToken(shape, precision.kvCache),
    overheadBytes: RUNTIME_BYTES + activations + logits,
  };
}

/** Tokens of one sequence in the largest step. */
function widestStep(cell: Cell, options: OnnxruntimeOptions): number {
  const prefill = Math.max(cell.inputTokens, cell.depthTokens);
  return options.kvCache === 'on' ? prefill : prefill + cell.outputTokens;
}

/** Quantised weights; the checkpoint's files are linked (copied only where the cache is on another file system). */
function estimateCacheBytes(cell: Cell, shape: ModelShape): number {
  const options = optionsOf(cell);
  return (
    quantisedBytes(graphVariant(cell.precision, options), shape) +
    quantisedBytes(prefillVariant(cell.precision, options), shape)
  );
}

function quantisedBytes(variant: GraphVariant | undefined, shape: ModelShape): number {
  return variant === undefined || variant.linear.kind === 'float'
    ? 0
    : quantisedLayout(describeShape(shape), variant.linear).totalBytes;
}

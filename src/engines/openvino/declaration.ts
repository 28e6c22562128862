/** OpenVINO on a model built from the checkpoint: what it can do, and what a cell needs. Pure. */
import type { Cell } from '../../axes/cell.ts';
import { describeShape } from '../../models/architectures/registry.ts';
import { kvCacheBytesPerToken, weightBytes } from '../../models/counts.ts';
import { FLOAT32, type Precision } from '../../models/precision.ts';
import type { ModelShape } from '../../models/shape.ts';
import { type EngineDeclaration, type MemoryEstimate, supported, unsupported } from '../declaration.ts';
import { openvinoOptions } from './options.ts';
import { effectivePrecision, openvinoPrecisions } from './precisions.ts';

/** Allowance for Python, NumPy and the plugin: a rule of thumb on the large side. */
const BASE_BYTES = 384 * 2 ** 20;
/** Values per prompt token and hidden value that the plugin holds at once: a rule of thumb on the large side. */
const ACTIVATION_FACTOR = 12;
const FLOAT_BYTES = 4;
/** Tokens of a block of GenAI's paged cache on a CPU. */
const BLOCK_TOKENS = 32;

export const openvinoDeclaration: EngineDeclaration = {
  id: 'openvino',
  title: 'OpenVINO',
  summary: {
    en: "OpenVINO's CPU plugin on a model that Hayasa builds from the checkpoint, without torch: static batches in a loop of ours, continuous batching in GenAI's pipeline",
    ja: 'OpenVINO の CPU プラグイン。Hayasa がチェックポイントから torch なしで作るモデルの上で、静的バッチは Hayasa のループ、連続バッチは GenAI のパイプライン',
  },
  options: openvinoOptions,
  precisions: openvinoPrecisions,
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
  supports: (cell, shape) => {
    if (cell.batching === 'continuous' && cell.depthTokens > 0) {
      return unsupported({
        en: "GenAI's continuous batching starts with an empty cache: use depth 0 or batching static",
        ja: 'GenAI の連続バッチは空のキャッシュから始まります: depth 0 か batching static を使ってください',
      });
    }
    if (cell.precision !== 'w4') return supported;
    const { groupSize } = openvinoOptions.parse(cell.options);
    const odd = [shape.hiddenSize, shape.feedForwardSize].find((size) => size % groupSize !== 0);
    return odd === undefined
      ? supported
      : unsupported({
          en: `w4 needs rows of a multiple of groupSize ${groupSize} values, not ${odd}: use a smaller groupSize, or w8`,
          ja: `w4 では行の値の数が groupSize ${groupSize} の倍数である必要があり、${odd} は使えません: より小さい groupSize か w8 を使ってください`,
        });
  },
  estimateMemory,
  estimateCacheBytes: (cell, shape) => (cell.batching === 'continuous' ? savedBytes(cell, shape) : 0),
  conformanceExceptions: {},
  worker: { kind: 'python', versionSets: ['2026.4'] },
};

const precisionOf = (cell: Cell): Precision | undefined =>
  effectivePrecision(cell.precision, openvinoOptions.parse(cell.options));

function weightsOf(precision: Precision | undefined, shape: ModelShape): number {
  return precision === undefined ? 0 : weightBytes(describeShape(shape), precision);
}

/** The graph as files, from which GenAI's pipeline is made: bfloat16 is stored as float32 and cast when it is compiled. */
function savedBytes(cell: Cell, shape: ModelShape): number {
  const precision = precisionOf(cell);
  return weightsOf(precision?.weights === 'bfloat16' ? FLOAT32 : precision, shape);
}

/**
 * What the graph holds beside the compiled model: the embedding, the rearranged projections of queries, keys and values, and
 * quantised weights. Other float32 weights are views of the checkpoint, whose pages the system takes back.
 */
function heldByGraph(precision: Precision | undefined, shape: ModelShape): number {
  const { hiddenSize, layerCount, vocabularySize } = shape;
  const isQuantised = precision?.weights === 'int8' || precision?.weights === 'int4';
  const quantised = isQuantised ? weightsOf(precision, shape) : 0;
  return FLOAT_BYTES * hiddenSize * (vocabularySize + 3 * layerCount * hiddenSize) + quantised;
}

function estimateMemory(cell: Cell, shape: ModelShape): MemoryEstimate {
  const precision = precisionOf(cell);
  const weights = weightsOf(precision, shape);
  const isContinuous = cell.batching === 'continuous';
  const positions = isContinuous
    ? BLOCK_TOKENS * (Math.ceil((cell.inputTokens + cell.outputTokens) / BLOCK_TOKENS) + 1)
    : cell.depthTokens + cell.inputTokens + cell.outputTokens;
  const prompts = cell.slots * cell.inputTokens;
  return {
    // The pipeline has a compiled model of its own beside that of the static loop, which a launch always loads.
    weightBytes: isContinuous ? 2 * weights : weights,
    kvCacheBytes:
      precision === undefined ? 0 : cell.slots * positions * kvCacheBytesPerToken(shape, precision.kvCache),
    overheadBytes:
      BASE_BYTES +
      heldByGraph(precision, shape) +
      FLOAT_BYTES * prompts * (ACTIVATION_FACTOR * shape.hiddenSize + 2 * shape.feedForwardSize) +
      2 * FLOAT_BYTES * cell.slots * shape.vocabularySize,
  };
}

/** OpenVINO on a model built from the checkpoint: what it can do, and what a cell needs. Pure. */
import type { Cell } from '../../axes/cell.ts';
import { describeShape } from '../../models/architectures/registry.ts';
import { kvCacheBytesPerToken, weightBytes } from '../../models/counts.ts';
import type { ModelShape } from '../../models/shape.ts';
import { type EngineDeclaration, type MemoryEstimate, supported, unsupported } from '../declaration.ts';
import { openvinoOptions } from './options.ts';
import { openvinoPrecisions } from './precisions.ts';

/** Allowance for Python, NumPy and the plugin: a rule of thumb on the large side. */
const BASE_BYTES = 384 * 2 ** 20;
/** Values per prompt token and hidden value that the plugin holds at once: a rule of thumb on the large side. */
const ACTIVATION_FACTOR = 12;
const FLOAT_BYTES = 4;
const GROUP_SIZE = 32;

export const openvinoDeclaration: EngineDeclaration = {
  id: 'openvino',
  title: 'OpenVINO',
  summary: {
    en: "OpenVINO's CPU plugin on a stateful model that Hayasa builds from the checkpoint, without torch",
    ja: 'OpenVINO の CPU プラグイン。Hayasa がチェックポイントから torch なしで作る状態付きモデルの上で',
  },
  options: openvinoOptions,
  precisions: openvinoPrecisions,
  capabilities: {
    devices: ['cpu'],
    architectures: ['gpt-neox'],
    staticBatching: true,
    continuousBatching: false,
    raggedPrompts: true,
    naturalStop: true,
    depth: true,
    logits: true,
    cancel: true,
  },
  supports: (cell, shape) => {
    if (cell.precision !== 'w4') return supported;
    const odd = [shape.hiddenSize, shape.feedForwardSize].find((size) => size % GROUP_SIZE !== 0);
    return odd === undefined
      ? supported
      : unsupported({
          en: `w4 needs rows of a multiple of ${GROUP_SIZE} values, not ${odd}; use w8`,
          ja: `w4 には行の値の数が ${GROUP_SIZE} の倍数である必要があり、${odd} では使えません。w8 を使ってください`,
        });
  },
  estimateMemory,
  estimateCacheBytes: () => 0,
  conformanceExceptions: {},
  worker: { kind: 'python', versionSets: ['2026.4'] },
};

function estimateMemory(cell: Cell, shape: ModelShape): MemoryEstimate {
  const precision = openvinoPrecisions.find(({ name }) => name === cell.precision)?.effective;
  const description = describeShape(shape);
  const float32 = openvinoPrecisions[0]?.effective;
  const weights = precision === undefined ? 0 : weightBytes(description, precision);
  const positions = cell.depthTokens + cell.inputTokens + cell.outputTokens;
  const prompts = cell.slots * cell.inputTokens;
  return {
    weightBytes: weights,
    kvCacheBytes:
      precision === undefined ? 0 : cell.slots * positions * kvCacheBytesPerToken(shape, precision.kvCache),
    overheadBytes:
      BASE_BYTES +
      // The graph is built from weights in float32, which live as long as the model that is compiled from them.
      (float32 === undefined ? 0 : weightBytes(description, float32)) +
      FLOAT_BYTES * prompts * (ACTIVATION_FACTOR * shape.hiddenSize + 2 * shape.feedForwardSize) +
      2 * FLOAT_BYTES * cell.slots * shape.vocabularySize,
  };
}

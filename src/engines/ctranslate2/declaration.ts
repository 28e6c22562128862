/** CTranslate2 on a converted model: what it can do, and what a cell needs. Pure. */
import type { Cell } from '../../axes/cell.ts';
import { describeShape } from '../../models/architectures/registry.ts';
import { kvCacheBytesPerToken, weightBytes } from '../../models/counts.ts';
import { FLOAT32 } from '../../models/precision.ts';
import type { ModelShape } from '../../models/shape.ts';
import { type EngineDeclaration, type MemoryEstimate, supported, unsupported } from '../declaration.ts';
import { ctranslate2Options } from './options.ts';
import { ctranslate2Precisions } from './precisions.ts';

/** Allowance for Python, NumPy and the library: a rule of thumb on the large side. */
const BASE_BYTES = 256 * 2 ** 20;
/** Values per prompt token and hidden value that a block holds at once: a rule of thumb on the large side. */
const ACTIVATION_FACTOR = 12;
const FLOAT_BYTES = 4;

export const ctranslate2Declaration: EngineDeclaration = {
  id: 'ctranslate2',
  title: 'CTranslate2',
  summary: {
    en: "CTranslate2's generator, on a model that Hayasa converts from safetensors without torch",
    ja: 'CTranslate2 の生成器。モデルは Hayasa が torch なしで safetensors から変換',
  },
  options: ctranslate2Options,
  precisions: ctranslate2Precisions,
  capabilities: {
    devices: ['cpu'],
    architectures: ['gpt-neox'],
    staticBatching: true,
    continuousBatching: false,
    raggedPrompts: false,
    naturalStop: true,
    depth: false,
    logits: true,
    cancel: true,
  },
  supports: (cell) =>
    ctranslate2Precisions.some(({ name }) => name === cell.precision)
      ? supported
      : unsupported({
          en: `CTranslate2 has no ${cell.precision} on a CPU`,
          ja: `CTranslate2 の CPU に ${cell.precision} はありません`,
        }),
  estimateMemory,
  estimateCacheBytes: (_cell, shape) => weightBytes(describeShape(shape), FLOAT32),
  conformanceExceptions: {},
  versionDifferences: {
    '3.20': {
      summary: {
        en: 'as in September 2023: ctranslate2 3.20.0, safetensors 0.3.3, numpy 1.26.4',
        ja: '2023 年 9 月の状態: ctranslate2 3.20.0、safetensors 0.3.3、numpy 1.26.4',
      },
    },
  },
  worker: { kind: 'python', versionSets: ['4.8', '3.20'] },
};

function estimateMemory(cell: Cell, shape: ModelShape): MemoryEstimate {
  const description = describeShape(shape);
  const precision = ctranslate2Precisions.find(({ name }) => name === cell.precision)?.effective ?? FLOAT32;
  const weights = weightBytes(description, precision);
  const float32 = weightBytes(description, FLOAT32);
  const prompts = cell.slots * cell.inputTokens;
  return {
    weightBytes: weights,
    kvCacheBytes:
      cell.slots * (cell.inputTokens + cell.outputTokens) * kvCacheBytesPerToken(shape, precision.kvCache),
    overheadBytes:
      BASE_BYTES +
      // The conversion, which is over before the weights are loaded, holds what it rearranges: less than half of them.
      Math.max(0, float32 / 2 - weights) +
      // The file is in float32, and is read whole before it is quantised.
      (precision.weights === 'float32' ? 0 : float32) +
      FLOAT_BYTES * prompts * (ACTIVATION_FACTOR * shape.hiddenSize + 2 * shape.feedForwardSize) +
      2 * FLOAT_BYTES * cell.slots * shape.vocabularySize,
  };
}

/** BetterTransformer in an environment of its time: what it can do, and what a cell needs. Pure. */
import type { Cell } from '../../axes/cell.ts';
import { describeShape } from '../../models/architectures/registry.ts';
import { kvCacheBytesPerToken, weightBytes } from '../../models/counts.ts';
import type { ModelShape } from '../../models/shape.ts';
import {
  type EngineDeclaration,
  type MemoryEstimate,
  noPrecision,
  type Support,
  supported,
  unsupported,
} from '../declaration.ts';
import { betterTransformerOptions } from './options.ts';
import { betterTransformerPrecisions } from './precisions.ts';

/** Allowance for Python, torch and its libraries: a rule of thumb on the large side. */
const BASE_BYTES = 768 * 2 ** 20;
/** Values per prompt token and hidden value that a block holds at once: a rule of thumb on the large side. */
const ACTIVATION_FACTOR = 12;
const FLOAT_BYTES = 4;

export const betterTransformerDeclaration: EngineDeclaration = {
  id: 'bettertransformer',
  title: 'BetterTransformer',
  summary: {
    en: "optimum's BetterTransformer on the old Transformers that still has it: eager or transformed, and an encoder as control",
    ja: 'optimum の BetterTransformer を、まだそれがある古い Transformers の上で: eager か変換後、対照としてエンコーダー',
  },
  options: betterTransformerOptions,
  precisions: betterTransformerPrecisions,
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
  supports,
  estimateMemory,
  estimateCacheBytes: () => 0,
  comparisonNote: {
    en: 'it runs on Transformers 4.40, which among other things computes the logits of every prompt token: what BetterTransformer itself gains is form=transformed against form=eager of this same engine, not against a newer Transformers',
    ja: 'Transformers 4.40 の上で動き、プロンプトの全トークンのロジットを計算するなどの違いがあります。BetterTransformer 自体の効果は、新しい Transformers との差ではなく、この同じエンジンの form=transformed と form=eager の差です',
  },
  otherWork: ({ control }) =>
    control === 'encoder'
      ? {
          en: "a forward pass of a random BERT-shaped encoder, not of the study's model",
          ja: 'スタディのモデルではなく、乱数の重みの BERT 型エンコーダーの順伝播です',
        }
      : undefined,
  conformanceExceptions: {},
  worker: { kind: 'python', versionSets: ['1.23'] },
};

function supports(cell: Cell): Support {
  if (!betterTransformerPrecisions.some(({ name }) => name === cell.precision)) {
    return unsupported(noPrecision('BetterTransformer', cell.precision));
  }
  const { control, paddingShare } = betterTransformerOptions.parse(cell.options);
  if (control === 'none') {
    return paddingShare === 0
      ? supported
      : unsupported({
          en: 'paddingShare belongs to control: encoder; prompts of a decoder are padded where they are ragged',
          ja: 'paddingShare は control: encoder のものです。デコーダーのプロンプトは、長さが不揃いなときに埋められます',
        });
  }
  if (cell.outputTokens !== 1 || cell.depthTokens > 0 || cell.stop !== 'forced') {
    return unsupported({
      en: 'control: encoder is one forward pass: it takes outputTokens 1, depthTokens 0 and stop forced',
      ja: 'control: encoder は 1 回の順伝播です: outputTokens 1、depthTokens 0、stop forced が必要です',
    });
  }
  return cell.promptLengths === 'equal'
    ? supported
    : unsupported({
        en: 'control: encoder is padded by paddingShare: it takes promptLengths equal',
        ja: 'control: encoder は paddingShare で埋めます: promptLengths equal が必要です',
      });
}

function estimateMemory(cell: Cell, shape: ModelShape): MemoryEstimate {
  const precision = betterTransformerPrecisions.find(({ name }) => name === cell.precision)?.effective;
  const prompts = cell.slots * cell.inputTokens;
  const positions = cell.depthTokens + cell.inputTokens + cell.outputTokens;
  return {
    weightBytes: precision === undefined ? 0 : weightBytes(describeShape(shape), precision),
    kvCacheBytes:
      precision === undefined ? 0 : cell.slots * positions * kvCacheBytesPerToken(shape, precision.kvCache),
    overheadBytes:
      BASE_BYTES +
      FLOAT_BYTES * prompts * (ACTIVATION_FACTOR * shape.hiddenSize + 2 * shape.feedForwardSize) +
      // Eager attention: two matrices of scores.
      2 * FLOAT_BYTES * prompts * shape.headCount * (cell.depthTokens + cell.inputTokens) +
      // This version computes the logits of every prompt token, and a copy in float32.
      2 * FLOAT_BYTES * Math.max(prompts, cell.slots) * shape.vocabularySize,
  };
}

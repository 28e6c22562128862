/** FasterTransformer through its own sample program: what it can do, and what a cell needs of the host. Pure. */
import type { Cell } from '../../axes/cell.ts';
import { describeShape } from '../../models/architectures/registry.ts';
import { weightBytes } from '../../models/counts.ts';
import type { ModelShape } from '../../models/shape.ts';
import { type EngineDeclaration, type PrecisionSupport, supported, unsupported } from '../declaration.ts';
import { fasterTransformerOptions } from './options.ts';

/** Allowance for two Pythons, torch and CUDA's host side: a rule of thumb on the large side. */
const BASE_BYTES = 3 * 2 ** 30;

const precision = (name: 'fp32' | 'fp16', word: 'float16' | 'float32'): PrecisionSupport => ({
  name,
  ownName: word,
  effective: { weights: word, activations: word, kvCache: word, compute: 'float32' },
  note: {
    en: 'GELU in its tanh form whatever the checkpoint says; never run on a GPU by us',
    ja: 'GELU はチェックポイントの指定によらず tanh 形。GPU での実行はまだない',
  },
});

export const fasterTransformerDeclaration: EngineDeclaration = {
  id: 'fastertransformer',
  title: 'FasterTransformer',
  summary: {
    en: "NVIDIA FasterTransformer's own converter and GPT-NeoX sample program, on a GPU only; never run on a GPU so far",
    ja: 'NVIDIA FasterTransformer 自身の変換器と GPT-NeoX のサンプルプログラム。GPU 専用（GPU での実行はまだない）',
  },
  options: fasterTransformerOptions,
  precisions: [precision('fp16', 'float16'), precision('fp32', 'float32')],
  capabilities: {
    devices: ['cuda'],
    architectures: ['gpt-neox'],
    staticBatching: true,
    continuousBatching: false,
    raggedPrompts: false,
    naturalStop: true,
    depth: false,
    logits: false,
    cancel: true,
  },
  supports(cell, shape) {
    if (shape.tiedEmbeddings) {
      return unsupported({
        en: "FasterTransformer's converter writes no head where it is tied to the embedding",
        ja: 'FasterTransformer の変換器は、埋め込みと共有された出力層を書き出しません',
      });
    }
    const isDrawn = cell.stop === 'drawn-uniform' || cell.stop === 'drawn-geometric';
    return isDrawn && cell.batch > 1
      ? unsupported({
          en: 'its sample program has one output length for the whole batch: lengths cannot be drawn',
          ja: 'サンプルプログラムの出力長はバッチ全体で 1 つです: 長さを抽選できません',
        })
      : supported;
  },
  estimateMemory,
  estimateCacheBytes: (cell, shape) => storedBytes(cell, shape),
  conformanceExceptions: {
    'forced lengths are exact': 'its sample program has one output length for the whole batch',
    'one stamp per step of a static batch': 'its sample program says nothing before the last token',
  },
  worker: { kind: 'adapter' },
};

function storedBytes(cell: Cell, shape: ModelShape): number {
  const found = fasterTransformerDeclaration.precisions.find(({ name }) => name === cell.precision);
  return found === undefined ? 0 : weightBytes(describeShape(shape), found.effective);
}

/** Of the host: the converter holds the weights as loaded and as written; the KV cache is the GPU's. */
function estimateMemory(cell: Cell, shape: ModelShape): ReturnType<EngineDeclaration['estimateMemory']> {
  const weights = storedBytes(cell, shape);
  return { weightBytes: weights, kvCacheBytes: 0, overheadBytes: BASE_BYTES + weights };
}

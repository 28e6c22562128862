/** DeepSpeed's inference: AutoTP over ranks, kernel injection, FastGen; what each can do, and what a cell needs. Pure. */
import type { Cell } from '../../axes/cell.ts';
import { describeShape } from '../../models/architectures/registry.ts';
import { kvCacheBytesPerToken, weightBytes } from '../../models/counts.ts';
import type { ModelShape } from '../../models/shape.ts';
import {
  type EngineDeclaration,
  type MemoryEstimate,
  type PrecisionSupport,
  type Support,
  supported,
  unsupported,
} from '../declaration.ts';
import { deepSpeedOptions } from './options.ts';

/** Allowance for Python, torch and its libraries, of each rank: a rule of thumb on the large side. */
const BASE_BYTES_PER_RANK = 768 * 2 ** 20;
const ACTIVATION_FACTOR = 12;
const FLOAT_BYTES = 4;
/** Of the architectures above, those that its v2 engine has a policy for. */
const FASTGEN: readonly ModelShape['architecture'][] = ['opt', 'llama'];

const precision = (name: 'fp32' | 'bf16', word: 'float32' | 'bfloat16'): PrecisionSupport => ({
  name,
  ownName: word,
  effective: { weights: word, activations: word, kvCache: word, compute: 'float32' },
  note: {
    en: 'as loaded; partial sums of ranks are added in the same format',
    ja: 'ロードしたまま。ランクの部分和も同じ形式で足す',
  },
});

export const deepSpeedDeclaration: EngineDeclaration = {
  id: 'deepspeed',
  title: 'DeepSpeed',
  summary: {
    en: 'DeepSpeed inference: AutoTP over ranks on a CPU; kernel injection and FastGen on CUDA, never run on a GPU so far',
    ja: 'DeepSpeed の推論: CPU ではランクにまたがる AutoTP、CUDA ではカーネル注入と FastGen（GPU での実行はまだない）',
  },
  options: deepSpeedOptions,
  precisions: [precision('fp32', 'float32'), precision('bf16', 'bfloat16')],
  capabilities: {
    devices: ['cpu', 'cuda'],
    architectures: ['gpt-neox', 'llama', 'opt'],
    staticBatching: true,
    continuousBatching: false,
    raggedPrompts: true,
    naturalStop: true,
    depth: true,
    logits: false,
    cancel: false,
  },
  supports,
  estimateMemory,
  estimateCacheBytes: () => 0,
  conformanceExceptions: {},
  worker: { kind: 'python', versionSets: ['0.19'] },
};

function supports(cell: Cell, shape: ModelShape): Support {
  const { mode } = deepSpeedOptions.parse(cell.options);
  if (mode !== 'auto-tp' && cell.device === 'cpu') {
    return unsupported({
      en: `${mode} exists on CUDA only; on a CPU DeepSpeed would leave the model as it is`,
      ja: `${mode} は CUDA にだけあります。CPU では DeepSpeed はモデルをそのままにします`,
    });
  }
  if (mode === 'fastgen' && !FASTGEN.includes(shape.architecture)) {
    return unsupported({
      en: `FastGen does not know ${shape.architecture}; it knows ${FASTGEN.join(', ')}`,
      ja: `FastGen は ${shape.architecture} を知りません。知っているもの: ${FASTGEN.join(', ')}`,
    });
  }
  if (mode === 'fastgen' && cell.depthTokens > 0)
    return unsupported({
      en: 'FastGen is wired up without a depth',
      ja: 'FastGen の depth には対応していません',
    });
  return supported;
}

/** While loading, every rank holds the whole model before it keeps its share. */
function estimateMemory(cell: Cell, shape: ModelShape): MemoryEstimate {
  const { mode, ranks } = deepSpeedOptions.parse(cell.options);
  const processes = mode === 'auto-tp' ? ranks : 1;
  const found = deepSpeedDeclaration.precisions.find(({ name }) => name === cell.precision)?.effective;
  const positions = cell.depthTokens + cell.inputTokens + cell.outputTokens;
  const activations =
    FLOAT_BYTES *
    cell.slots *
    cell.inputTokens *
    (ACTIVATION_FACTOR * shape.hiddenSize + 2 * shape.feedForwardSize);
  const scores = 2 * FLOAT_BYTES * cell.slots * cell.inputTokens * shape.headCount * positions;
  const logits = 2 * FLOAT_BYTES * cell.slots * shape.vocabularySize;
  return {
    weightBytes: found === undefined ? 0 : processes * weightBytes(describeShape(shape), found),
    kvCacheBytes:
      found === undefined ? 0 : cell.slots * positions * kvCacheBytesPerToken(shape, found.kvCache),
    overheadBytes: processes * (BASE_BYTES_PER_RANK + activations + scores + logits),
  };
}

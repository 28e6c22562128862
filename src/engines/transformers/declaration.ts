/** Hugging Face Transformers: what it can do, and what a cell needs. Pure. */
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
import { transformersOptions } from './options.ts';
import { transformersPrecisions } from './precisions.ts';
import { transformersVersions } from './versions.ts';

/** Allowance for Python, torch and its libraries: a rule of thumb on the large side. */
const BASE_BYTES = 768 * 2 ** 20;
/** Values per prompt token and hidden value that a block holds at once: a rule of thumb on the large side. */
const ACTIVATION_FACTOR = 12;
const FLOAT_BYTES = 4;

export const transformersDeclaration: EngineDeclaration = {
  id: 'transformers',
  title: 'Transformers',
  summary: {
    en: "Hugging Face Transformers' own generate and continuous batching on PyTorch: eager or sdpa attention, compiled, with offloaded layers, bitsandbytes for int8 and NF4",
    ja: 'PyTorch 上の Hugging Face Transformers 自身の generate と連続バッチ: attention は eager か sdpa、コンパイル、層のオフロード、int8 と NF4 は bitsandbytes',
  },
  options: transformersOptions,
  precisions: transformersPrecisions,
  capabilities: {
    devices: ['cpu', 'cuda'],
    architectures: ['gpt-neox', 'llama', 'mistral', 'qwen2', 'qwen3', 'gemma3', 'opt'],
    staticBatching: true,
    continuousBatching: true,
    raggedPrompts: true,
    naturalStop: true,
    depth: true,
    logits: true,
    profiler: true,
    cancel: true,
  },
  supports,
  estimateMemory,
  estimateCacheBytes: () => 0,
  referenceOptions: { attention: 'eager' },
  conformanceExceptions: {},
  versionDifferences: transformersVersions,
  worker: { kind: 'python', versionSets: ['5.18', '4.33'] },
};

/** Options, precision and batching that do not go together; the worker refuses the same. */
function supports(cell: Cell): Support {
  if (!transformersPrecisions.some(({ name }) => name === cell.precision)) {
    return unsupported(noPrecision('Transformers', cell.precision));
  }
  const { compile, offload } = transformersOptions.parse(cell.options);
  const isQuantised = cell.precision === 'w8a8' || cell.precision === 'nf4';
  if (offload === 'cpu' && cell.device === 'cpu') {
    return unsupported({
      en: 'offload cpu on device cpu moves nothing; use offload disk',
      ja: '装置 cpu での offload cpu は何も動かしません。offload disk を使ってください',
    });
  }
  if (offload !== 'none' && compile)
    return unsupported({
      en: 'offload and compile do not go together',
      ja: 'offload と compile は同時に使えません',
    });
  if (isQuantised && (offload !== 'none' || compile)) {
    const option = offload === 'none' ? 'compile' : `offload ${offload}`;
    return unsupported({
      en: `${option} needs a precision that is not of bitsandbytes`,
      ja: `${option} には bitsandbytes でない精度が必要です`,
    });
  }
  if (cell.batching === 'continuous' && (offload !== 'none' || compile)) {
    return unsupported({
      en: 'continuous batching is wired up without compile and offload only; use static batching',
      ja: '連続バッチは compile も offload もない場合にだけ対応しています。静的バッチを使ってください',
    });
  }
  if (cell.batching === 'continuous' && cell.depthTokens > 0) {
    return unsupported({
      en: "Transformers' continuous batching cannot start at a depth",
      ja: 'Transformers の連続バッチは depth から始められません',
    });
  }
  return supported;
}

function estimateMemory(cell: Cell, shape: ModelShape): MemoryEstimate {
  const precision = transformersPrecisions.find(({ name }) => name === cell.precision)?.effective;
  const { attention } = transformersOptions.parse(cell.options);
  const positions = cell.depthTokens + cell.inputTokens + cell.outputTokens;
  const prompts = cell.slots * cell.inputTokens;
  const activations =
    FLOAT_BYTES * prompts * (ACTIVATION_FACTOR * shape.hiddenSize + 2 * shape.feedForwardSize);
  const scores =
    attention === 'eager'
      ? 2 * FLOAT_BYTES * prompts * shape.headCount * (cell.depthTokens + cell.inputTokens)
      : 0;
  // The count takes the head as quantised; here it is not.
  const head =
    precision?.weights === 'int8' || precision?.weights === 'nf4'
      ? FLOAT_BYTES * shape.vocabularySize * shape.hiddenSize
      : 0;
  const logits = 2 * FLOAT_BYTES * cell.slots * shape.vocabularySize;
  return {
    weightBytes: precision === undefined ? 0 : weightBytes(describeShape(shape), precision),
    // A step makes the cache of one layer anew before it lets the old one go; two layers' worth is less than the base.
    kvCacheBytes:
      precision === undefined ? 0 : cell.slots * positions * kvCacheBytesPerToken(shape, precision.kvCache),
    overheadBytes: BASE_BYTES + head + activations + scores + logits,
  };
}

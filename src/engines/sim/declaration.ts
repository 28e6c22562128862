/** The sim engine: exact times from a known cost model, so that the whole pipeline is tested with exact numbers. */
import { PRECISION_NAMES, precisionKind } from '../../models/precision.ts';
import { type EngineDeclaration, supported } from '../declaration.ts';
import { simOptions } from './options.ts';

/** Made-up but exact sizes, so that plans with the sim engine have memory to reason about. */
const OVERHEAD_BYTES = 2 ** 20;
const BYTES_PER_POSITION = 2 ** 10;

export const simDeclaration: EngineDeclaration = {
  id: 'sim',
  title: 'Simulation',
  summary: {
    en: 'no model at all: exact times from a cost model, with noise and faults on request',
    ja: 'モデルなし: コストモデルによる正確な時間、求めに応じて雑音と障害',
  },
  options: simOptions,
  precisions: PRECISION_NAMES.filter((name) => precisionKind(name).weightBits !== undefined).map((name) => ({
    name,
    effective: precisionKind(name).precision,
    ownName: name,
    note: { en: 'only the time of a step depends on it', ja: '変わるのはステップの時間だけ' },
  })),
  capabilities: {
    devices: ['cpu'],
    architectures: ['gpt-neox', 'llama', 'mistral', 'qwen2', 'qwen3', 'gemma3', 'opt'],
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
  supports: () => supported,
  estimateMemory: ({ slots, depthTokens, inputTokens, outputTokens }) => ({
    weightBytes: 0,
    kvCacheBytes: slots * (depthTokens + inputTokens + outputTokens) * BYTES_PER_POSITION,
    overheadBytes: OVERHEAD_BYTES,
  }),
  estimateCacheBytes: ({ options }) => simOptions.parse(options).cacheBytes ?? 0,
  conformanceExceptions: {
    'greedy tokens equal the reference': 'its tokens are a hash of the prompt, not those of a model',
    'a checkpoint that is not there is refused': 'it needs no checkpoint',
    'drawing among one token is greedy': 'it has no logits: a drawn token is any token',
    'scores against logits':
      'it has no logits: it compares its own greedy token, and its likelihoods are a formula',
  },
  worker: { kind: 'in-process' },
};

/** What Transformers and bitsandbytes really make of each precision. */
import type { PrecisionSupport } from '../declaration.ts';

const halfNote = (word: string): string =>
  `weights, activations, keys and values in ${word}; products are accumulated in float32 (oneDNN on a CPU)`;

export const transformersPrecisions: readonly PrecisionSupport[] = [
  {
    name: 'fp32',
    ownName: 'float32',
    effective: { weights: 'float32', activations: 'float32', kvCache: 'float32', compute: 'float32' },
    note: 'as loaded',
  },
  {
    name: 'fp16',
    ownName: 'float16',
    effective: { weights: 'float16', activations: 'float16', kvCache: 'float16', compute: 'float32' },
    note: `${halfNote('float16')}; on CPUs without float16 arithmetic the prefill is very slow`,
  },
  {
    name: 'bf16',
    ownName: 'bfloat16',
    effective: { weights: 'bfloat16', activations: 'bfloat16', kvCache: 'bfloat16', compute: 'float32' },
    note: halfNote('bfloat16'),
  },
  {
    name: 'w8a8',
    ownName: 'bitsandbytes LLM.int8()',
    effective: { weights: 'int8', activations: 'int8', kvCache: 'float32', compute: 'int32' },
    note: 'the linear layers inside the blocks; embedding, head and attention stay in float32',
  },
  {
    name: 'nf4',
    ownName: 'bitsandbytes NF4',
    effective: {
      weights: 'nf4',
      activations: 'bfloat16',
      kvCache: 'bfloat16',
      compute: 'bfloat16',
      groupSize: 64,
    },
    note: 'double quantisation, compute in bfloat16; embedding and head stay in bfloat16',
  },
];

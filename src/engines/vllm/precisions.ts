/** What vLLM really makes of each precision on a CPU. */
import type { PrecisionSupport } from '../declaration.ts';

export const vllmPrecisions: readonly PrecisionSupport[] = [
  {
    name: 'fp32',
    ownName: 'float32',
    effective: { weights: 'float32', activations: 'float32', kvCache: 'float32', compute: 'float32' },
    note: 'as loaded; linear layers are packed for oneDNN',
  },
  {
    name: 'fp16',
    ownName: 'float16',
    effective: { weights: 'float16', activations: 'float16', kvCache: 'float16', compute: 'float32' },
    note: 'on CPUs without float16 arithmetic the prefill is very slow',
  },
  {
    name: 'bf16',
    ownName: 'bfloat16',
    effective: { weights: 'bfloat16', activations: 'bfloat16', kvCache: 'bfloat16', compute: 'float32' },
    note: 'weights, activations, keys and values in bfloat16; products are accumulated in float32',
  },
  {
    name: 'w8a8',
    ownName: 'compressed-tensors int-quantized',
    effective: { weights: 'int8', activations: 'int8', kvCache: 'float32', compute: 'int32' },
    note: 'vLLM cannot quantise to it: Hayasa writes a copy of the checkpoint, int8 per output channel, activations per token at run time; embedding, head, attention and the rest stay in float32',
  },
];

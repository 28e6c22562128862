/** What OpenVINO's CPU plugin really makes of each precision. */
import type { PrecisionSupport } from '../declaration.ts';

export const openvinoPrecisions: readonly PrecisionSupport[] = [
  {
    name: 'fp32',
    ownName: 'f32',
    effective: { weights: 'float32', activations: 'float32', kvCache: 'float32', compute: 'float32' },
    note: 'inference precision and KV cache set to f32',
  },
  {
    name: 'bf16',
    ownName: 'bf16',
    effective: { weights: 'bfloat16', activations: 'bfloat16', kvCache: 'bfloat16', compute: 'float32' },
    note: 'inference precision and KV cache set to bf16; products are accumulated in float32',
  },
  {
    name: 'w8',
    ownName: 'int8 weight compression',
    effective: { weights: 'int8', activations: 'float32', kvCache: 'float32', compute: 'float32' },
    note: 'one scale per row, head included; option dynamicQuantizationGroup quantises activations too',
  },
  {
    name: 'w4',
    ownName: 'int4 weight compression',
    effective: {
      weights: 'int4',
      activations: 'float32',
      kvCache: 'float32',
      compute: 'float32',
      groupSize: 32,
    },
    note: 'symmetric, groups of 32, head included; option dynamicQuantizationGroup quantises activations too',
  },
];

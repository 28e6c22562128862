/** What OpenVINO's CPU plugin really makes of each precision. */
import type { PrecisionSupport } from '../declaration.ts';

export const openvinoPrecisions: readonly PrecisionSupport[] = [
  {
    name: 'fp32',
    ownName: 'f32',
    effective: { weights: 'float32', activations: 'float32', kvCache: 'float32', compute: 'float32' },
    note: {
      en: 'inference precision and KV cache set to f32',
      ja: '推論の精度と KV キャッシュを f32 に設定',
    },
  },
  {
    name: 'bf16',
    ownName: 'bf16',
    effective: { weights: 'bfloat16', activations: 'bfloat16', kvCache: 'bfloat16', compute: 'float32' },
    note: {
      en: 'inference precision and KV cache set to bf16; products are accumulated in float32',
      ja: '推論の精度と KV キャッシュを bf16 に設定。積は float32 で累積',
    },
  },
  {
    name: 'w8',
    ownName: 'int8 weight compression',
    effective: { weights: 'int8', activations: 'float32', kvCache: 'float32', compute: 'float32' },
    note: {
      en: 'one scale per row, head included; option dynamicQuantizationGroup quantises activations too',
      ja: '行ごとに 1 つの縮尺、出力層も含む。オプション dynamicQuantizationGroup で活性も量子化',
    },
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
    note: {
      en: 'symmetric, groups of 32, head included; option dynamicQuantizationGroup quantises activations too',
      ja: '対称、32 個ごと、出力層も含む。オプション dynamicQuantizationGroup で活性も量子化',
    },
  },
];

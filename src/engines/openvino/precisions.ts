/** What OpenVINO's CPU plugin really makes of each precision. */
import type { Precision, PrecisionName } from '../../models/precision.ts';
import type { PrecisionSupport } from '../declaration.ts';
import type { OpenvinoOptions } from './options.ts';

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
      en: 'symmetric, groups of the size of option groupSize, head included; option dynamicQuantizationGroup quantises activations too',
      ja: '対称、オプション groupSize の個数ごと、出力層も含む。オプション dynamicQuantizationGroup で活性も量子化',
    },
  },
];

/** What `precision` is with `options`, or undefined where the engine does not have it; activations as without dynamic quantisation. */
export function effectivePrecision(
  precision: PrecisionName,
  options: OpenvinoOptions,
): Precision | undefined {
  const effective = openvinoPrecisions.find(({ name }) => name === precision)?.effective;
  return effective?.groupSize === undefined ? effective : { ...effective, groupSize: options.groupSize };
}

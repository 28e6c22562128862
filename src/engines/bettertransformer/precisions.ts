/** What BetterTransformer makes of each precision: that of the model that it transforms. */
import type { PrecisionSupport } from '../declaration.ts';

/** Keys are float32 (rotary tables are, and nothing casts back), values are half: the wider of the two is declared. */
const half = (dtype: 'float16' | 'bfloat16'): PrecisionSupport['effective'] => ({
  weights: dtype,
  activations: dtype,
  kvCache: 'float32',
  compute: 'float32',
});

export const betterTransformerPrecisions: readonly PrecisionSupport[] = [
  {
    name: 'fp32',
    ownName: 'float32',
    effective: { weights: 'float32', activations: 'float32', kvCache: 'float32', compute: 'float32' },
    note: { en: 'as loaded', ja: 'ロードしたまま' },
  },
  {
    name: 'fp16',
    ownName: 'float16',
    effective: half('float16'),
    note: {
      en: 'keys are kept in float32, values in float16; on CPUs without float16 arithmetic the prefill is very slow',
      ja: 'キーは float32、バリューは float16 で保持。float16 演算のない CPU では prefill が非常に遅い',
    },
  },
  {
    name: 'bf16',
    ownName: 'bfloat16',
    effective: half('bfloat16'),
    note: {
      en: 'keys are kept in float32, values in bfloat16',
      ja: 'キーは float32、バリューは bfloat16 で保持',
    },
  },
];

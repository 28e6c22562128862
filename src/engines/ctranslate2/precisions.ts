/** What CTranslate2 really makes of each precision on a CPU; bf16 and fp16 raise there. */
import type { PrecisionSupport } from '../declaration.ts';

export const ctranslate2Precisions: readonly PrecisionSupport[] = [
  {
    name: 'fp32',
    ownName: 'float32',
    effective: { weights: 'float32', activations: 'float32', kvCache: 'float32', compute: 'float32' },
    note: { en: 'as converted', ja: '変換したまま' },
  },
  {
    name: 'w8a8',
    ownName: 'int8_float32',
    effective: { weights: 'int8', activations: 'int8', kvCache: 'float32', compute: 'int32' },
    note: {
      en: 'weights are quantised at load, activations at run time',
      ja: '重みはロード時に、活性は実行時に量子化',
    },
  },
];

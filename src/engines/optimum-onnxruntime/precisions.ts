/**
 * What optimum's export makes of each precision. fp16 is left out: ONNX Runtime refuses the graph that optimum-onnx 0.1.0
 * exports of GPT-NeoX in float16 (LayerNormalization bound to float and float16).
 */
import type { PrecisionSupport } from '../declaration.ts';

export const optimumOnnxruntimePrecisions: readonly PrecisionSupport[] = [
  {
    name: 'fp32',
    ownName: 'float32',
    effective: { weights: 'float32', activations: 'float32', kvCache: 'float32', compute: 'float32' },
    note: { en: 'as exported, whatever the files hold', ja: 'ファイルの中身によらず、書き出したまま' },
  },
];

/** What vLLM really makes of each precision on a CPU. */
import type { PrecisionSupport } from '../declaration.ts';

export const vllmPrecisions: readonly PrecisionSupport[] = [
  {
    name: 'fp32',
    ownName: 'float32',
    effective: { weights: 'float32', activations: 'float32', kvCache: 'float32', compute: 'float32' },
    note: {
      en: 'as loaded; linear layers are packed for oneDNN',
      ja: 'ロードしたまま。線形層は oneDNN 用に詰め直す',
    },
  },
  {
    name: 'fp16',
    ownName: 'float16',
    effective: { weights: 'float16', activations: 'float16', kvCache: 'float16', compute: 'float32' },
    note: {
      en: 'on CPUs without float16 arithmetic the prefill is very slow',
      ja: 'float16 演算のない CPU では prefill が非常に遅い',
    },
  },
  {
    name: 'bf16',
    ownName: 'bfloat16',
    effective: { weights: 'bfloat16', activations: 'bfloat16', kvCache: 'bfloat16', compute: 'float32' },
    note: {
      en: 'weights, activations, keys and values in bfloat16; products are accumulated in float32',
      ja: '重み、活性、キー、バリューは bfloat16。積は float32 で累積',
    },
  },
  {
    name: 'w8a8',
    ownName: 'compressed-tensors int-quantized',
    effective: { weights: 'int8', activations: 'int8', kvCache: 'float32', compute: 'int32' },
    note: {
      en: 'vLLM cannot quantise to it: Hayasa writes a copy of the checkpoint, int8 per output channel, activations per token at run time; embedding, head, attention and the rest stay in float32',
      ja: 'vLLM はこの形式に量子化できない: Hayasa がチェックポイントの写しを書く。重みは出力チャネルごとに int8、活性は実行時にトークンごと。埋め込み、出力層、attention などは float32 のまま',
    },
  },
];

/** What Transformers and bitsandbytes really make of each precision. */
import type { Words } from '../../kernel/language.ts';
import type { PrecisionSupport } from '../declaration.ts';

const halfNote = (word: string): Words => ({
  en: `weights, activations, keys and values in ${word}; products are accumulated in float32 (oneDNN on a CPU)`,
  ja: `重み、活性、キー、バリューは ${word}。積は float32 で累積（CPU では oneDNN）`,
});

export const transformersPrecisions: readonly PrecisionSupport[] = [
  {
    name: 'fp32',
    ownName: 'float32',
    effective: { weights: 'float32', activations: 'float32', kvCache: 'float32', compute: 'float32' },
    note: { en: 'as loaded', ja: 'ロードしたまま' },
  },
  {
    name: 'fp16',
    ownName: 'float16',
    effective: { weights: 'float16', activations: 'float16', kvCache: 'float16', compute: 'float32' },
    note: {
      en: `${halfNote('float16').en}; on CPUs without float16 arithmetic the prefill is very slow`,
      ja: `${halfNote('float16').ja}。float16 演算のない CPU では prefill が非常に遅い`,
    },
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
    note: {
      en: 'the linear layers inside the blocks; embedding, head and attention stay in float32',
      ja: 'ブロック内の線形層だけ。埋め込み、出力層、attention は float32 のまま',
    },
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
    note: {
      en: 'double quantisation, compute in bfloat16; embedding and head stay in bfloat16',
      ja: '二重の量子化、計算は bfloat16。埋め込みと出力層は bfloat16 のまま',
    },
  },
];

/** What llama.cpp really makes of each precision: the type of its matrices, and what that does to activations. */
import type { Words } from '../../kernel/language.ts';
import type { GgufType } from '../../models/gguf/tensor-types.ts';
import { type PrecisionName, precisionKind } from '../../models/precision.ts';
import type { PrecisionSupport } from '../declaration.ts';
import type { CacheType, LlamaCppOptions } from './options.ts';

export interface LlamaPrecision extends PrecisionSupport {
  /** Type of the matrices that Hayasa writes; undefined where the file's own are taken. */
  readonly type: GgufType | undefined;
  readonly cacheType: CacheType;
}

const quantisedNote: Words = {
  en: 'activations are quantised to int8 in groups of 32 at run time (ggml multiplies block by block in integers), so it is not weight-only',
  ja: '活性は実行時に 32 個ずつ int8 に量子化される（ggml はブロックごとに整数で乗算する）ので、重みだけの量子化ではない',
};

export const llamaPrecisions: readonly LlamaPrecision[] = [
  {
    name: 'fp32',
    ownName: 'f32',
    type: 'f32',
    cacheType: 'f32',
    effective: { weights: 'float32', activations: 'float32', kvCache: 'float32', compute: 'float32' },
    note: {
      en: 'the GELU goes through a float16 table (tanh form), as in every CPU build of llama.cpp',
      ja: 'GELU は float16 の表（tanh 形）による。llama.cpp のどの CPU ビルドでも同じ',
    },
  },
  {
    name: 'fp16',
    ownName: 'f16',
    type: 'f16',
    cacheType: 'f16',
    effective: { weights: 'float16', activations: 'float16', kvCache: 'float16', compute: 'float32' },
    note: {
      en: 'activations are rounded to float16 before each matrix product',
      ja: '活性は行列積のたびに float16 に丸められる',
    },
  },
  {
    name: 'w8',
    ownName: 'q8_0',
    type: 'q8_0',
    cacheType: 'f32',
    effective: {
      weights: 'int8',
      activations: 'int8',
      kvCache: 'float32',
      compute: 'int32',
      groupSize: 32,
    },
    note: quantisedNote,
  },
  {
    name: 'w4',
    ownName: 'q4_0',
    type: 'q4_0',
    cacheType: 'f32',
    effective: {
      weights: 'int4',
      activations: 'int8',
      kvCache: 'float32',
      compute: 'int32',
      groupSize: 32,
    },
    note: {
      en: `${quantisedNote.en}; embedding and head are 4 bit too`,
      ja: `${quantisedNote.ja}。埋め込みと出力層も 4 ビット`,
    },
  },
];

/** GGUF files as they are. */
export const filePrecision: LlamaPrecision = {
  name: 'file',
  ownName: 'as stored',
  type: undefined,
  cacheType: 'f32',
  effective: precisionKind('file').precision,
  note: {
    en: `for models given as a GGUF file; ${quantisedNote.en}; the record says what the file really holds`,
    ja: `GGUF ファイルで渡されたモデル用。${quantisedNote.ja}。ファイルの実際の中身は記録にある`,
  },
};

/** The entry of a precision, or undefined where llama.cpp has none. */
export const llamaPrecision = (name: string): LlamaPrecision | undefined =>
  [...llamaPrecisions, filePrecision].find((entry) => entry.name === (name as PrecisionName));

/** The cache type that the options ask for. */
export const cacheTypeOf = (
  options: Pick<LlamaCppOptions, 'kvCacheType'>,
  precision: LlamaPrecision,
): CacheType => (options.kvCacheType === 'auto' ? precision.cacheType : options.kvCacheType);

/** A cache type as the KV-cache format of a precision. */
export const kvCacheFormats = {
  f32: 'float32',
  f16: 'float16',
  bf16: 'bfloat16',
  q8_0: 'int8',
  q4_0: 'int4',
} as const satisfies Record<CacheType, string>;

/** What each precision means in this engine: the graph's linear format, and what is really computed. */
import { HayasaError } from '../../kernel/errors.ts';
import type { Words } from '../../kernel/language.ts';
import type { GraphVariant, LinearFormat } from '../../models/onnx/variant.ts';
import type { Precision, PrecisionName } from '../../models/precision.ts';
import type { PrecisionSupport } from '../declaration.ts';
import { type OnnxruntimeOptions, onnxruntimeOptions } from './options.ts';

const BLOCKWISE: Words = {
  en: 'with accuracyLevel 4 the kernel reduces activations to int8 in blocks',
  ja: 'accuracyLevel 4 では、カーネルが活性をブロックごとに int8 に落とす',
};

const NOTES: Readonly<Partial<Record<PrecisionName, { readonly ownName: string; readonly note: Words }>>> = {
  fp32: {
    ownName: 'Gemm float32',
    note: {
      en: 'weights stored in 16 bits are cast up when the session is made',
      ja: '16 ビットで保存された重みは、セッションを作るときに変換される',
    },
  },
  fp16: {
    ownName: 'Gemm float32 over float16 weights',
    note: {
      en: 'the CPU has no float16 kernels: weights are rounded to float16 and cast up at load, only the KV cache stays in float16',
      ja: 'CPU には float16 のカーネルがない: 重みは float16 に丸められてロード時に戻され、KV キャッシュだけが float16 のまま',
    },
  },
  w8a8: {
    ownName: 'DynamicQuantizeMatMul',
    note: {
      en: 'one activation scale per tensor over the whole batch: tokens can depend on batch neighbours',
      ja: '活性の縮尺はバッチ全体でテンソルごとに 1 つ: トークンがバッチの他の系列に左右されうる',
    },
  },
  w8: {
    ownName: 'MatMulNBits 8',
    note: BLOCKWISE,
  },
  w4: {
    ownName: 'MatMulNBits 4',
    note: BLOCKWISE,
  },
};

/** Precisions of this engine, effective values for the default options. */
export const onnxruntimePrecisions: readonly PrecisionSupport[] = Object.entries(NOTES).map(
  ([name, { ownName, note }]) => ({
    name: name as PrecisionName,
    ownName,
    note,
    effective: effectivePrecision(name as PrecisionName, onnxruntimeOptions.parse({})),
  }),
);

/** The format of the cache that `options` ask for in this precision. */
export function kvCacheFormat(precision: PrecisionName, options: OnnxruntimeOptions): 'float32' | 'float16' {
  if (options.kvCacheFormat !== 'auto') return options.kvCacheFormat;
  return precision === 'fp16' ? 'float16' : 'float32';
}

/** What is really stored and computed. */
export function effectivePrecision(precision: PrecisionName, options: OnnxruntimeOptions): Precision {
  const kvCache = kvCacheFormat(precision, options);
  const float = { activations: 'float32', kvCache, compute: 'float32' } as const;
  switch (precision) {
    case 'fp32':
      return { ...float, weights: 'float32' };
    case 'fp16':
      return { ...float, weights: 'float16' };
    case 'w8a8':
      return { weights: 'int8', activations: 'int8', kvCache, compute: 'int32' };
    case 'w8':
    case 'w4': {
      const weights = precision === 'w8' ? 'int8' : 'int4';
      const { groupSize } = options;
      return options.accuracyLevel === 4
        ? { weights, activations: 'int8', kvCache, compute: 'int32', groupSize }
        : { ...float, weights, groupSize };
    }
    case 'bf16':
    case 'nf4':
    case 'file':
      throw notImplemented(precision);
  }
}

/** The graph that serves `precision` with `options`. */
export function graphVariant(precision: PrecisionName, options: OnnxruntimeOptions): GraphVariant {
  return {
    attention: options.attention,
    kvCacheFormat: kvCacheFormat(precision, options),
    linear: linearFormat(precision, options),
  };
}

/** The graph that computes prompts, where that is another one than `graphVariant`. */
export function prefillVariant(
  precision: PrecisionName,
  options: OnnxruntimeOptions,
): GraphVariant | undefined {
  const variant = graphVariant(precision, options);
  return variant.linear.kind === 'groups' && options.prefillWeights === 'int8'
    ? { ...variant, linear: { kind: 'w8a8' } }
    : undefined;
}

function linearFormat(
  precision: PrecisionName,
  { groupSize, accuracyLevel }: OnnxruntimeOptions,
): LinearFormat {
  switch (precision) {
    case 'fp32':
      return { kind: 'float' };
    case 'fp16':
      return { kind: 'float', roundTo: 'float16' };
    case 'w8a8':
      return { kind: 'w8a8' };
    case 'w8':
      return { kind: 'groups', bits: 8, groupSize, accuracyLevel };
    case 'w4':
      return { kind: 'groups', bits: 4, groupSize, accuracyLevel };
    case 'bf16':
    case 'nf4':
    case 'file':
      throw notImplemented(precision);
  }
}

const notImplemented = (precision: PrecisionName): HayasaError =>
  new HayasaError({
    code: 'engine/precision',
    message: {
      en: `onnxruntime has no precision ${precision}`,
      ja: `onnxruntime に精度 ${precision} はありません`,
    },
    hint: { en: 'it has: fp32, fp16, w8a8, w8, w4', ja: '使えるもの: fp32, fp16, w8a8, w8, w4' },
  });

/**
 * What weights cost that are converted or quantised once and kept in the cache: values of the launch that wrote them,
 * missing in every other. The checkpoint's own files, used in place, cost nothing.
 */
import { type Maybe, missing, present } from '../kernel/maybe.ts';
import { conversion_ns } from '../protocol/conversion.ts';
import type { LaunchInput, Metric } from './metric.ts';
import { OWN_SOURCE, SECONDS } from './shown.ts';

const undefinedWhen = 'the load failed, or this launch wrote nothing to the cache';

export const conversionTime: Metric = {
  ...SECONDS,
  level: 'launch',
  poolsRepeats: false,
  id: 'conversion-time',
  title: { en: 'Conversion time', ja: '変換時間' },
  definition: {
    en: 'Time in which a load converted or quantised weights and wrote them to the cache, once per model and form.',
    ja: 'ロードが重みを変換または量子化してキャッシュに書いた時間。モデルと形式ごとに 1 回。',
  },
  formula: 'sum of (end - start) over the stages that convert',
  source: OWN_SOURCE,
  undefinedWhen,
  main: false,
  compute: (input) => ofConversion(input, (load) => conversion_ns(load) / 1e9),
};

export const conversionBytes: Metric = {
  level: 'launch',
  poolsRepeats: false,
  id: 'conversion-bytes',
  title: { en: 'Conversion, bytes written', ja: '変換時の書き込み量' },
  definition: {
    en: 'Bytes of converted or quantised weights that a load wrote to the cache, once per model and form.',
    ja: 'ロードがキャッシュに書いた、変換または量子化した重みのバイト数。モデルと形式ごとに 1 回。',
  },
  formula: 'bytes written to the cache by the load',
  source: OWN_SOURCE,
  storedUnit: 'bytes',
  shown: { unit: 'MB', scale: 1e-6, digits: 0 },
  better: 'lower',
  undefinedWhen,
  main: false,
  compute: (input) => ofConversion(input, ({ cacheBytesWritten }) => cacheBytesWritten),
};

type Load = NonNullable<LaunchInput['load']>;

function ofConversion({ load }: LaunchInput, value: (load: Load) => number): Maybe<number> {
  if (load === undefined)
    return missing({ en: 'the model was not loaded', ja: 'モデルがロードされていません' });
  return load.cacheBytesWritten === 0
    ? missing({
        en: 'this launch wrote nothing to the cache',
        ja: 'この起動はキャッシュに何も書き出していません',
      })
    : present(value(load));
}

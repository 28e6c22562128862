/**
 * How long until a model can answer. A launch that wrote converted or quantised weights to the cache is left out of the
 * loads: it happens once per model and precision, and would drown what every later start costs.
 */
import { type Maybe, missing, present } from '../kernel/maybe.ts';
import type { LaunchInput, Metric } from './metric.ts';
import { OWN_SOURCE, SECONDS } from './shown.ts';

const common = { source: OWN_SOURCE, ...SECONDS } as const;

/** From asking for the process to a model that can generate. */
export const loadTime: Metric = {
  ...common,
  level: 'launch',
  poolsRepeats: false,
  id: 'load-time',
  title: { en: 'Load time', ja: 'ロード時間' },
  definition: {
    en: 'From the request for the process to the model loaded, the start of the process included.',
    ja: 'プロセスの要求からモデルのロード完了まで。プロセスの起動を含む。',
  },
  formula: 'loaded - process requested',
  undefinedWhen: 'the load failed, or this launch wrote converted weights to the cache',
  main: true,
  compute: (input) => ofLoad(input, ({ loaded_ns }) => loaded_ns - input.spawn_ns),
};

/** The model alone. */
export const modelLoadTime: Metric = {
  ...common,
  level: 'launch',
  poolsRepeats: false,
  id: 'model-load-time',
  title: { en: 'Load time, model alone', ja: 'ロード時間（モデルのみ）' },
  definition: {
    en: 'From the request to load, in a ready process, to the model loaded.',
    ja: '準備のできたプロセスへのロードの要求から、モデルのロード完了まで。',
  },
  formula: 'loaded - load requested',
  undefinedWhen: 'the load failed, or this launch wrote converted weights to the cache',
  main: false,
  compute: (input) => ofLoad(input, ({ requested_ns, loaded_ns }) => loaded_ns - requested_ns),
};

/** The process alone. */
export const processStartTime: Metric = {
  ...common,
  level: 'launch',
  poolsRepeats: false,
  id: 'process-start-time',
  title: { en: 'Start time of the process', ja: 'プロセスの開始時間' },
  definition: {
    en: "From the request for the process to the worker's word that it is ready, its libraries loaded.",
    ja: 'プロセスの要求から、ライブラリを読み込んだワーカーが準備完了を告げるまで。',
  },
  formula: 'ready - process requested',
  undefinedWhen: 'never, once a launch was ready',
  main: false,
  compute: ({ spawn_ns, ready_ns }) => present(Number(ready_ns - spawn_ns) / 1e9),
};

type Load = NonNullable<LaunchInput['load']>;

function ofLoad({ load }: LaunchInput, duration_ns: (load: Load) => bigint): Maybe<number> {
  if (load === undefined)
    return missing({ en: 'the model was not loaded', ja: 'モデルがロードされていません' });
  if (load.cacheBytesWritten > 0)
    return missing({
      en: 'this launch wrote converted weights to the cache',
      ja: 'この起動は変換した重みをキャッシュに書き出しました',
    });
  return present(Number(duration_ns(load)) / 1e9);
}

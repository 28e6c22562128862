/** Options of the sim engine: its cost model, its noise and its faults. Durations are nanoseconds. */
import { z } from 'zod';
import { described } from '../option-words.ts';

export const NOISE_MODELS = [
  'none',
  'white',
  'autocorrelated',
  'drift',
  'step',
  'heavy-tailed',
  'bimodal',
  'bursts',
] as const;
export type NoiseModel = (typeof NOISE_MODELS)[number];

export const FAULTS = [
  'none',
  'crash',
  'hang',
  'deaf',
  'nonsense',
  'flood-stderr',
  'wrong-tokens',
  'exit-at-load',
  'hang-at-load',
] as const;
export type Fault = (typeof FAULTS)[number];

const duration = z.number().nonnegative();

export const simOptions = z.strictObject({
  load_ns: described(duration.default(50_000_000), {
    en: 'time to load the model',
    ja: 'モデルのロードにかかる時間',
  }),
  prefill_ns: described(duration.default(100_000), {
    en: 'prefill, per prompt token',
    ja: 'prefill、プロンプトの 1 トークンあたり',
  }),
  step_ns: described(duration.default(10_000_000), {
    en: 'one decode step with 32-bit weights; scales with the bits per weight',
    ja: '32 ビットの重みでの decode 1 ステップ。重み 1 つのビット数に比例',
  }),
  sequence_ns: described(duration.default(500_000), {
    en: 'one decode step, per sequence in it',
    ja: 'decode 1 ステップ、系列 1 つあたり',
  }),
  threadScaling: described(z.number().min(0).max(1).default(0), {
    en: 'exponent of the speed-up by threads: durations are divided by threads^threadScaling',
    ja: 'スレッドによる高速化の指数: 時間を threads^threadScaling で割る',
  }),
  noise: described(z.enum(NOISE_MODELS).default('none'), {
    en: 'how durations of generations vary',
    ja: '生成の時間の変わり方',
  }),
  noiseScale: described(z.number().nonnegative().default(0.05), {
    en: 'size of the noise, as a share of the duration',
    ja: '雑音の大きさ、時間に対する割合',
  }),
  noisePeriod_ms: described(z.number().positive().default(10_000), {
    en: 'time scale of drift, step and bursts, counted on the clock of the machine',
    ja: 'drift、step、bursts の時間の尺度。マシンの時計で数える',
  }),
  launchScale: described(z.number().nonnegative().default(0), {
    en: 'standard deviation of the log of a factor that each launch has for itself',
    ja: '起動ごとの係数の対数の標準偏差',
  }),
  noiseSeed: described(z.number().int().default(0), {
    en: 'seed of every random draw',
    ja: 'すべての乱数のシード',
  }),
  outOfMemoryAbove: described(z.number().int().positive().default(1_000_000), {
    en: 'batches beyond this many sequences end with out of memory',
    ja: 'これより多い系列のバッチはメモリ不足で終わる',
  }),
  fault: described(z.enum(FAULTS).default('none'), { en: 'what goes wrong', ja: '何が起こるか' }),
  faultAt: described(z.number().int().nonnegative().default(0), {
    en: 'the generation (0-based) at which it goes wrong; faults at load ignore it',
    ja: 'どの生成（0 始まり）で起こるか。ロード時の障害では無視',
  }),
  cacheBytes: described(z.number().int().positive().optional(), {
    en: 'size of a converted copy that it keeps in the cache, one for each precision; absent: none',
    ja: 'キャッシュに置く変換した写しの大きさ、精度ごとに 1 つ。省略: なし',
  }),
  vocabularySize: described(z.number().int().positive().default(50_000), {
    en: 'token ids, where the model has no config.json',
    ja: 'トークン ID の数（モデルに config.json がない場合）',
  }),
  maximumPositions: described(z.number().int().positive().default(1_000_000), {
    en: 'positions of a sequence, where the model has no config.json',
    ja: '系列の位置の数（モデルに config.json がない場合）',
  }),
});
export type SimOptions = z.infer<typeof simOptions>;

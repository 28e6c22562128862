import { same } from '../kernel/language.ts';
import { type Maybe, present } from '../kernel/maybe.ts';
import type { Metric, RepeatInput } from './metric.ts';
import { OWN_SOURCE, PERCENT } from './shown.ts';
import { bandwidthRoof, decodeStep } from './step-costs.ts';

/** Model bandwidth utilisation (MBU) in decode. */
export const bandwidthUtilisation: Metric = {
  id: 'mbu',
  title: same('MBU'),
  definition: {
    en: 'Bytes that a decode step must move (weights once, KV cache of every sequence) over the mean step time, as a share of the measured memory bandwidth.',
    ja: 'デコードの 1 ステップが動かすべきバイト数（重みは 1 回、KV キャッシュは全系列分）を平均ステップ時間で割った値の、実測したメモリ帯域に対する割合。',
  },
  formula: '(weight + KV bytes per step) / step time / measured bandwidth',
  source: `${OWN_SOURCE}; the term is Databricks', "LLM inference performance engineering" (2023)`,
  ...PERCENT,
  undefinedWhen: 'bandwidth was not measured, or decode steps hold different numbers of sequences',
  main: false,
  level: 'repeat',
  compute: computeMbu,
};

function computeMbu(input: RepeatInput): Maybe<number> {
  const step = decodeStep(input);
  if (step.kind === 'missing') return step;
  const bandwidth = bandwidthRoof(input.roofs);
  if (bandwidth.kind === 'missing') return bandwidth;
  return present(step.value.cost.totalBytes / step.value.step_s / bandwidth.value);
}

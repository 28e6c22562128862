import { same } from '../kernel/language.ts';
import { type Maybe, present } from '../kernel/maybe.ts';
import type { Metric, RepeatInput } from './metric.ts';
import { OWN_SOURCE, PERCENT } from './shown.ts';
import { multiplyRoof, prefillStep } from './step-costs.ts';

/** Model FLOPs utilisation (MFU) in prefill. */
export const flopsUtilisation: Metric = {
  id: 'mfu',
  title: same('MFU'),
  definition: {
    en: 'FLOPs of the prefill of the batch (a multiply-add counts 2) over its time, as a share of the measured matrix-multiply rate of the format that it multiplies in.',
    ja: 'バッチのプリフィルの FLOP 数（積和は 2 と数える）をその時間で割った値の、計算に使う形式で実測した行列積の速度に対する割合。',
  },
  formula: 'prefill FLOPs / time to the last first token / measured rate',
  source: `${OWN_SOURCE}; the term is Chowdhery et al., "PaLM" (2022), appendix B`,
  ...PERCENT,
  undefinedWhen: 'the rate was not measured, prompts differ in length, or requests queue for slots',
  main: false,
  level: 'repeat',
  compute: computeMfu,
};

function computeMfu(input: RepeatInput): Maybe<number> {
  const step = prefillStep(input);
  if (step.kind === 'missing') return step;
  const rate = multiplyRoof(input.roofs, input.precision);
  if (rate.kind === 'missing') return rate;
  return present(step.value.cost.flops / step.value.step_s / rate.value);
}

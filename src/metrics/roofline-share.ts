import { type Maybe, present } from '../kernel/maybe.ts';
import type { Metric, RepeatInput } from './metric.ts';
import { OWN_SOURCE, PERCENT } from './shown.ts';
import { bandwidthRoof, decodeStep, multiplyRoof } from './step-costs.ts';

/** How near a decode step comes to what this machine allows. */
export const rooflineShare: Metric = {
  id: 'roofline-share',
  title: { en: 'Share of the roofline', ja: 'ルーフラインに対する割合' },
  definition: {
    en: 'The least time that the measured bandwidth and matrix-multiply rate allow for a decode step, as a share of the mean step time.',
    ja: '実測した帯域と行列積の速度から可能な、デコードの 1 ステップの最短時間の、平均ステップ時間に対する割合。',
  },
  formula: 'max(bytes / bandwidth, FLOPs / rate) / step time',
  source: `${OWN_SOURCE}; Williams, Waterman, Patterson, "Roofline", CACM 52 (2009)`,
  ...PERCENT,
  undefinedWhen: 'a roof was not measured, or decode steps hold different numbers of sequences',
  main: true,
  level: 'repeat',
  compute: computeShare,
};

function computeShare(input: RepeatInput): Maybe<number> {
  const step = decodeStep(input);
  if (step.kind === 'missing') return step;
  const bandwidth = bandwidthRoof(input.roofs);
  if (bandwidth.kind === 'missing') return bandwidth;
  const rate = multiplyRoof(input.roofs, input.precision);
  if (rate.kind === 'missing') return rate;
  const { totalBytes, flops } = step.value.cost;
  return present(Math.max(totalBytes / bandwidth.value, flops / rate.value) / step.value.step_s);
}

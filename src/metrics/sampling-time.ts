import { missing, present } from '../kernel/maybe.ts';
import type { Metric } from './metric.ts';
import { MILLISECONDS, OWN_SOURCE } from './shown.ts';

/** What drawing tokens takes of a step. */
export const samplingTime: Metric = {
  id: 'sampling-time',
  title: { en: 'Sampling', ja: 'サンプリング' },
  definition: {
    en: "Time between the arrival of a step's logits and its tokens: the sampler over all sequences of the step, as a mean over all steps. What else sampled cells take (logits that must reach the host) shows in a comparison with the greedy cell.",
    ja: 'ステップのロジットが届いてからトークンが決まるまでの時間: ステップの全系列に対するサンプラーの時間の、全ステップの平均。サンプリングするセルのその他の時間（ホストに届くべきロジット）は、貪欲なセルとの比較に現れる。',
  },
  formula: 'time in the sampler / steps',
  source: OWN_SOURCE,
  ...MILLISECONDS,
  undefinedWhen: 'tokens are not drawn (greedy), or the engine does not time its sampler',
  main: false,
  level: 'repeat',
  compute: ({ cell, sample }) => {
    if (cell.temperature === undefined)
      return missing({ en: 'greedy: nothing is drawn', ja: 'greedy なので抽選はありません' });
    if (sample.sampling_ns === undefined)
      return missing({
        en: 'the engine does not time its sampler',
        ja: 'エンジンがサンプラーの時間を測りません',
      });
    const steps = sample.steps_ns.length;
    return steps > 0
      ? present(sample.sampling_ns / steps / 1e9)
      : missing({ en: 'there are no steps', ja: 'ステップがありません' });
  },
};

/** How much of what was computed belongs to no sequence: the two kinds of padding, each against its own kind of work. */
import { missing, present } from '../kernel/maybe.ts';
import { sum } from '../stats/moments.ts';
import type { Metric } from './metric.ts';
import { OWN_SOURCE, PERCENT } from './shown.ts';
import { newTokens } from './stamps.ts';

const common = { source: OWN_SOURCE, ...PERCENT, better: 'lower', main: false } as const;

/** Rows of a static batch that have ended, and are computed until the last one ends. */
export const finishedRowsShare: Metric = {
  ...common,
  level: 'repeat',
  id: 'finished-rows-share',
  title: { en: 'Finished rows', ja: '終了済みの行' },
  definition: {
    en: 'Positions that were computed for sequences after their end, as a share of all positions that generated: work for nothing.',
    ja: '終わった系列のために計算した位置の、生成に使った全位置に対する割合: 無駄な計算。',
  },
  formula: 'sum(computed padding) / sum(new tokens + computed padding)',
  undefinedWhen: 'length is forced: all sequences end together',
  compute: ({ cell, sample }) => {
    if (cell.stop === 'forced')
      return missing({
        en: 'length is forced: all sequences end together',
        ja: '長さは強制です: すべての系列が同時に終わります',
      });
    const padding = sum(sample.sequences.map(({ computedPadding }) => computedPadding));
    const all = padding + newTokens(sample);
    return all > 0
      ? present(padding / all)
      : missing({ en: 'nothing was generated', ja: '何も生成されていません' });
  },
};

/** Prompts that are padded to the longest of the batch. */
export const promptPaddingShare: Metric = {
  ...common,
  level: 'repeat',
  id: 'prompt-padding-share',
  title: { en: 'Prompt padding', ja: 'プロンプトのパディング' },
  definition: {
    en: 'Positions that prefills computed beyond the prompts, up to the longest prompt of the batch, as a share of all positions of the prefills.',
    ja: 'プリフィルがプロンプトを越えて（バッチの最長のプロンプトまで）計算した位置の、プリフィルの全位置に対する割合。',
  },
  formula: 'sum(computed prompt padding) / sum(input tokens + computed prompt padding)',
  undefinedWhen: 'all prompts have one length, or the engine does not say how it pads',
  compute: ({ cell, sample }) => {
    if (cell.promptLengths === 'equal')
      return missing({ en: 'all prompts have one length', ja: 'プロンプトの長さはすべて同じです' });
    let padding = 0;
    let tokens = 0;
    for (const { inputTokens, computedPromptPadding } of sample.sequences) {
      if (computedPromptPadding === undefined)
        return missing({
          en: 'the engine does not say how it pads prompts',
          ja: 'エンジンがプロンプトの埋め方を示しません',
        });
      padding += computedPromptPadding;
      tokens += inputTokens;
    }
    return present(padding / (tokens + padding));
  },
};

import { type Maybe, missing } from '../kernel/maybe.ts';
import type { LaunchInput, Metric } from './metric.ts';
import { OWN_SOURCE, TOKENS_PER_SECOND } from './shown.ts';
import { perSecond } from './stamps.ts';

const common = {
  source: OWN_SOURCE,
  undefinedWhen: 'prompts are token ids: no tokenizer ran',
  main: false,
} as const;

/** Characters that the tokenizer reads per second, apart from generation. */
export const tokenisationCharacters: Metric = {
  ...common,
  level: 'launch',
  poolsRepeats: false,
  id: 'tokenisation-characters',
  title: { en: 'Tokenisation, characters', ja: 'トークン化（文字）' },
  definition: {
    en: 'Characters of the prompts over the time of the tokenizer, outside the timed region of generation.',
    ja: 'プロンプトの文字数をトークナイザーの時間で割った値。生成の計時区間の外で測る。',
  },
  formula: 'characters / time of the tokenizer',
  storedUnit: 'characters/s',
  shown: { unit: 'characters/s', scale: 1, digits: 0 },
  better: 'higher',
  compute: (input) => rate(input, ({ characters }) => characters),
};

/** Tokens that the tokenizer makes per second. */
export const tokenisationTokens: Metric = {
  ...common,
  level: 'launch',
  poolsRepeats: false,
  ...TOKENS_PER_SECOND,
  id: 'tokenisation-tokens',
  title: { en: 'Tokenisation, tokens', ja: 'トークン化（トークン）' },
  definition: {
    en: 'Tokens of the prompts over the time of the tokenizer, outside the timed region of generation.',
    ja: 'プロンプトのトークン数をトークナイザーの時間で割った値。生成の計時区間の外で測る。',
  },
  formula: 'tokens / time of the tokenizer',
  compute: (input) => rate(input, ({ tokens }) => tokens),
};

type Tokenisation = NonNullable<LaunchInput['tokenisation']>;

function rate({ tokenisation }: LaunchInput, count: (timed: Tokenisation) => number): Maybe<number> {
  if (tokenisation === undefined)
    return missing({
      en: 'prompts are token ids: no tokenizer ran',
      ja: 'プロンプトはトークン ID です: トークナイザーは動いていません',
    });
  return perSecond(count(tokenisation), tokenisation.elapsed_ns);
}

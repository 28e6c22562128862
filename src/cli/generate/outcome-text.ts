/** `hayasa generate` for people: what runs, one sequence after the other, then what a reader should know. */
import type { Say } from '../../kernel/language.ts';
import type { Maybe } from '../../kernel/maybe.ts';
import { originText } from '../models/models-text.ts';
import { significant } from '../ui/numbers.ts';
import type { GeneratedSequence, GenerateOutcome, GenerateSetting } from './outcome.ts';

/** The lines above the generated text. */
export function settingText(setting: GenerateSetting, say: Say): string {
  const { model, origin, engine, precision, effective, load_ms } = setting;
  const { weights, activations, kvCache, compute } = effective.precision;
  const threads = say({
    en: `${effective.threads} thread${effective.threads === 1 ? '' : 's'}`,
    ja: `${effective.threads} スレッド`,
  });
  return [
    say({
      en: `${model}, weights ${originText(origin, say)}; ${engine} ${precision}, ${threads}`,
      ja: `${model}、重み ${originText(origin, say)}。${engine} ${precision}、${threads}`,
    }),
    say({
      en: `effective precision: weights ${weights}, activations ${activations}, KV cache ${kvCache}, compute ${compute}`,
      ja: `実際の精度: 重み ${weights}、活性 ${activations}、KV キャッシュ ${kvCache}、計算 ${compute}`,
    }),
    say({
      en: `loaded in ${significant(load_ms / 1000)} s`,
      ja: `読み込み ${significant(load_ms / 1000)} 秒`,
    }),
  ].join('\n');
}

/** The lines below it; `watched` is the text that was shown while it was generated, undefined where none was. */
export function figuresText(outcome: GenerateOutcome, watched: string | undefined, say: Say): string {
  const { sequences } = outcome;
  const several = sequences.length > 1;
  const characters = outcome.throughput_charactersPerSecond;
  const characterRate =
    characters.kind === 'value'
      ? `, ${shown(say, characters, say({ en: 'characters/s', ja: '文字/秒' }))}`
      : '';
  const rate = shown(say, outcome.throughput_tokensPerSecond, say({ en: 'tokens/s', ja: 'トークン/秒' }));
  return [
    ...sequences.flatMap((sequence, index) => [
      '',
      ...sequenceLines(sequence, several ? index + 1 : undefined, watched, say),
    ]),
    '',
    say({
      en: `throughput ${rate}${characterRate}`,
      ja: `スループット ${rate}${characterRate}`,
    }),
    watched === undefined
      ? say({
          en: 'One generation after one warm-up: a look, not a measurement. hayasa run repeats it in several launches and gives intervals.',
          ja: 'ウォームアップ 1 回の後の 1 回の生成です: 目安であり、測定ではありません。hayasa run は複数の起動で繰り返し、区間を与えます。',
        })
      : say({
          en: 'The figures are those of a second generation, while nothing was shown: a look, not a measurement. hayasa run repeats it in several launches and gives intervals.',
          ja: '数値は、何も表示していない 2 回目の生成のものです: 目安であり、測定ではありません。hayasa run は複数の起動で繰り返し、区間を与えます。',
        }),
  ].join('\n');
}

function sequenceLines(
  sequence: GeneratedSequence,
  number: number | undefined,
  watched: string | undefined,
  say: Say,
): string[] {
  const { inputTokens, prompt, tokens, text, finish, ttft_ms, tpot_ms } = sequence;
  const name = number === undefined ? '' : say({ en: `sequence ${number}: `, ja: `系列 ${number}: ` });
  return [
    say({
      en: `${name}${inputTokens} tokens in, ${tokens.length} out (${say(FINISH[finish])}), TTFT ${shown(say, ttft_ms, 'ms')}, TPOT ${shown(say, tpot_ms, 'ms')}`,
      ja: `${name}入力 ${inputTokens} トークン、出力 ${tokens.length}（${say(FINISH[finish])}）、TTFT ${shown(say, ttft_ms, 'ms')}、TPOT ${shown(say, tpot_ms, 'ms')}`,
    }),
    ...(prompt === undefined || watched !== undefined
      ? []
      : [say({ en: `prompt: ${prompt}`, ja: `プロンプト: ${prompt}` })]),
    say({ en: `tokens: ${tokens.join(' ')}`, ja: `トークン: ${tokens.join(' ')}` }),
    ...(text === undefined || text === watched ? [] : [say({ en: `text: ${text}`, ja: `文章: ${text}` })]),
    ...(text === undefined || watched === undefined || text === watched
      ? []
      : [
          say({
            en: 'The second generation wrote another text than the first: this engine is not deterministic here.',
            ja: '2 回目の生成は 1 回目と違う文章を書きました: このエンジンはここでは決定的ではありません。',
          }),
        ]),
  ];
}

const FINISH = {
  length: { en: 'length reached', ja: '長さに到達' },
  stop: { en: 'end of text', ja: '文章の終わり' },
  cancelled: { en: 'cancelled', ja: '取り消し' },
} as const;

const shown = (say: Say, maybe: Maybe<number>, unit: string): string =>
  maybe.kind === 'value' ? `${significant(maybe.value)} ${unit}` : `- (${say(maybe.reason)})`;

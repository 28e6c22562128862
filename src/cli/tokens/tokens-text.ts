/** `hayasa tokens` for people: one line per tokenizer, then how each cuts the beginning of the text. */
import type { Say, Words } from '../../kernel/language.ts';
import type { TokenPiece, TokenSurvey } from '../../text/survey.ts';
import { significant } from '../ui/numbers.ts';
import { definitionList, table } from '../ui/table.ts';

export interface SurveyedTokenizer {
  /** As named on the command line. */
  readonly model: string;
  readonly tokenizer: string;
  readonly vocabularySize: number;
  readonly survey: TokenSurvey;
  /** The beginning of the text. */
  readonly beginning: readonly TokenPiece[];
}

export function tokensText(name: Words, tokenizers: readonly SurveyedTokenizer[], say: Say): string {
  const [first] = tokenizers;
  const { characters = 0, bytes = 0 } = first?.survey ?? {};
  return [
    say({
      en: `${name.en}: ${characters.toLocaleString('en')} characters, ${bytes.toLocaleString('en')} bytes`,
      ja: `${name.ja}: ${characters.toLocaleString('en')} 文字、${bytes.toLocaleString('en')} バイト`,
    }),
    table(
      [
        { title: say({ en: 'model', ja: 'モデル' }) },
        { title: say({ en: 'tokenizer', ja: 'トークナイザー' }) },
        { title: say({ en: 'vocabulary', ja: '語彙' }), align: 'right' },
        { title: say({ en: 'tokens', ja: 'トークン' }), align: 'right' },
        { title: say({ en: 'distinct', ja: '種類' }), align: 'right' },
        { title: say({ en: 'characters/token', ja: '文字/トークン' }), align: 'right' },
        { title: say({ en: 'bytes/token', ja: 'バイト/トークン' }), align: 'right' },
        { title: say({ en: 'characters/s', ja: '文字/秒' }), align: 'right' },
        { title: say({ en: 'comes back', ja: '元に戻る' }), align: 'right' },
      ],
      tokenizers.map(({ model, tokenizer, vocabularySize, survey }) => [
        model,
        tokenizer,
        vocabularySize.toLocaleString('en'),
        survey.tokens.toLocaleString('en'),
        survey.distinctTokens.toLocaleString('en'),
        ratio(survey.characters, survey.tokens),
        ratio(survey.bytes, survey.tokens),
        survey.elapsed_ns > 0 ? significant(survey.characters / (survey.elapsed_ns / 1e9)) : '-',
        returned(survey, say),
      ]),
    ),
    `${say({ en: 'the beginning, as it is cut (a number: tokens that share a character)', ja: '先頭の分け方（数字: 一つの文字を分け合うトークンの数）' })}\n${definitionList(
      tokenizers.map(({ model, beginning }) => [model, piecesText(beginning)]),
    )}`,
    say({
      en: 'characters/s is the speed of this tokenizer inside Hayasa, on one thread, apart from any model. comes back: the share of the text in lines that decode to exactly what they were.',
      ja: '文字/秒は Hayasa の中でのこのトークナイザー自体の速さで、1 スレッド、モデルとは別です。元に戻る: 復号すると正確に元に戻る行が、文章に占める割合。',
    }),
  ].join('\n\n');
}

const ratio = (a: number, b: number): string => (b === 0 ? '-' : (a / b).toFixed(2));

function returned({ characters, changedCharacters }: TokenSurvey, say: Say): string {
  if (characters === 0) return '-';
  return changedCharacters === 0
    ? say({ en: 'exactly', ja: '正確に' })
    : `${((100 * (characters - changedCharacters)) / characters).toFixed(1)} %`;
}

/** `速さ|を|鱻³`: tokens that share a character are counted. */
const piecesText = (pieces: readonly TokenPiece[]): string =>
  pieces
    .map(({ text, tokens }) => `${text.replaceAll('\n', '\\n')}${tokens === 1 ? '' : superscript(tokens)}`)
    .join('|');

const superscript = (count: number): string =>
  Array.from(String(count), (digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)] ?? digit).join('');

/** `hayasa tokens` for people: one line per tokenizer, then how each cuts the beginning of the text. */
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

export function tokensText(textName: string, tokenizers: readonly SurveyedTokenizer[]): string {
  const [first] = tokenizers;
  const { characters = 0, bytes = 0 } = first?.survey ?? {};
  return [
    `${textName}: ${characters.toLocaleString('en')} characters, ${bytes.toLocaleString('en')} bytes`,
    table(
      [
        { title: 'model' },
        { title: 'tokenizer' },
        { title: 'vocabulary', align: 'right' },
        { title: 'tokens', align: 'right' },
        { title: 'distinct', align: 'right' },
        { title: 'characters/token', align: 'right' },
        { title: 'bytes/token', align: 'right' },
        { title: 'characters/s', align: 'right' },
        { title: 'comes back', align: 'right' },
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
        returned(survey),
      ]),
    ),
    `the beginning, as it is cut (a number: tokens that share a character)\n${definitionList(
      tokenizers.map(({ model, beginning }) => [model, piecesText(beginning)]),
    )}`,
    'characters/s is the speed of this tokenizer inside Hayasa, on one thread, apart from any model. comes back: the share of the text in lines that decode to exactly what they were.',
  ].join('\n\n');
}

const ratio = (a: number, b: number): string => (b === 0 ? '-' : (a / b).toFixed(2));

function returned({ characters, changedCharacters }: TokenSurvey): string {
  if (characters === 0) return '-';
  return changedCharacters === 0
    ? 'exactly'
    : `${((100 * (characters - changedCharacters)) / characters).toFixed(1)} %`;
}

/** `速さ|を|鱻³`: tokens that share a character are counted. */
const piecesText = (pieces: readonly TokenPiece[]): string =>
  pieces
    .map(({ text, tokens }) => `${text.replaceAll('\n', '\\n')}${tokens === 1 ? '' : superscript(tokens)}`)
    .join('|');

const superscript = (count: number): string =>
  Array.from(String(count), (digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)] ?? digit).join('');

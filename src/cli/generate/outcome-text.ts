/** `hayasa generate` for people: what runs, one sequence after the other, then what a reader should know. */
import type { Maybe } from '../../kernel/maybe.ts';
import { originText } from '../models/models-text.ts';
import { significant } from '../ui/numbers.ts';
import type { GeneratedSequence, GenerateOutcome, GenerateSetting } from './outcome.ts';

/** The lines above the generated text. */
export function settingText(setting: GenerateSetting): string {
  const { model, origin, engine, precision, effective, load_ms } = setting;
  const { weights, activations, kvCache, compute } = effective.precision;
  const threads = `${effective.threads} thread${effective.threads === 1 ? '' : 's'}`;
  return [
    `${model}, weights ${originText(origin)}; ${engine} ${precision}, ${threads}`,
    `effective precision: weights ${weights}, activations ${activations}, KV cache ${kvCache}, compute ${compute}`,
    `loaded in ${significant(load_ms / 1000)} s`,
  ].join('\n');
}

/** The lines below it; `watched` is the text that was shown while it was generated, undefined where none was. */
export function figuresText(outcome: GenerateOutcome, watched: string | undefined): string {
  const { sequences } = outcome;
  const several = sequences.length > 1;
  const characters = outcome.throughput_charactersPerSecond;
  const characterRate = characters.kind === 'value' ? `, ${shown(characters, 'characters/s')}` : '';
  return [
    ...sequences.flatMap((sequence, index) => [
      '',
      ...sequenceLines(sequence, several ? index + 1 : undefined, watched),
    ]),
    '',
    `throughput ${shown(outcome.throughput_tokensPerSecond, 'tokens/s')}${characterRate}`,
    watched === undefined
      ? 'One generation after one warm-up: a look, not a measurement. hayasa run repeats it in several launches and gives intervals.'
      : 'The figures are those of a second generation, while nothing was shown: a look, not a measurement. hayasa run repeats it in several launches and gives intervals.',
  ].join('\n');
}

function sequenceLines(
  sequence: GeneratedSequence,
  number: number | undefined,
  watched: string | undefined,
): string[] {
  const { inputTokens, prompt, tokens, text, finish, ttft_ms, tpot_ms } = sequence;
  const name = number === undefined ? '' : `sequence ${number}: `;
  return [
    `${name}${inputTokens} tokens in, ${tokens.length} out (${FINISH[finish]}), TTFT ${shown(ttft_ms, 'ms')}, TPOT ${shown(tpot_ms, 'ms')}`,
    ...(prompt === undefined || watched !== undefined ? [] : [`prompt: ${prompt}`]),
    `tokens: ${tokens.join(' ')}`,
    ...(text === undefined || text === watched ? [] : [`text: ${text}`]),
    ...(text === undefined || watched === undefined || text === watched
      ? []
      : ['The second generation wrote another text than the first: this engine is not deterministic here.']),
  ];
}

const FINISH = { length: 'length reached', stop: 'end of text', cancelled: 'cancelled' } as const;

const shown = (maybe: Maybe<number>, unit: string): string =>
  maybe.kind === 'value' ? `${significant(maybe.value)} ${unit}` : `- (${maybe.reason})`;

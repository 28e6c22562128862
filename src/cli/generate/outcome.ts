/** What `hayasa generate` prints, as plain data (`--json`) and as text. Pure but for the tokenizer handed in. */
import type { Cell } from '../../axes/cell.ts';
import { toJournalSample } from '../../journal/sample.ts';
import { type Maybe, type Missing, missing, present, presentValue } from '../../kernel/maybe.ts';
import { newTokens, type TokenStamps, tokenStamps } from '../../metrics/stamps.ts';
import { tokensOverWindow } from '../../metrics/throughput.ts';
import type { Origin } from '../../models/checkpoint/checkpoint.ts';
import type { Effective } from '../../protocol/frames.ts';
import { originText } from '../models/models-text.ts';
import { significant } from '../ui/numbers.ts';
import type { Generation } from './generation.ts';
import type { GenerateModel } from './model.ts';

export interface GenerateOutcome {
  readonly model: string;
  readonly origin: Origin;
  readonly engine: string;
  readonly precision: string;
  readonly threads: number;
  readonly load_ms: number;
  readonly effective: Effective;
  /** New tokens of all sequences per second, from the start of generation to the last token. */
  readonly throughput_tokensPerSecond: Maybe<number>;
  readonly sequences: readonly GeneratedSequence[];
}

export interface GeneratedSequence {
  readonly inputTokens: number;
  readonly tokens: readonly number[];
  /** Only with a tokenizer. */
  readonly text?: string;
  readonly finish: 'length' | 'stop' | 'cancelled';
  readonly ttft_ms: Maybe<number>;
  readonly tpot_ms: Maybe<number>;
}

export function generateOutcome(model: GenerateModel, cell: Cell, generation: Generation): GenerateOutcome {
  const { sample, tokens } = toJournalSample(generation.sample);
  const stamps = tokenStamps(sample);
  const tokenizer = presentValue(model.tokenizer);
  return {
    model: model.name,
    origin: model.origin,
    engine: cell.engine,
    precision: cell.precision,
    threads: cell.threads,
    load_ms: generation.load_ms,
    effective: generation.loaded.effective,
    throughput_tokensPerSecond: tokensOverWindow(sample, newTokens(sample)),
    sequences: sample.sequences.map((sequence, index) => {
      const ids = tokens[index] ?? [];
      return {
        inputTokens: sequence.inputTokens,
        tokens: ids,
        ...(tokenizer === undefined ? {} : { text: tokenizer.decode(ids) }),
        finish: sequence.finish,
        ...latencies(stamps.kind === 'missing' ? stamps : (stamps.value[index] ?? missing('no stamps'))),
      };
    }),
  };
}

/** TTFT from the start of the sequence's prefill, TPOT over the tokens after the first (see the metrics' declarations). */
function latencies(stamps: TokenStamps | Missing): Pick<GeneratedSequence, 'ttft_ms' | 'tpot_ms'> {
  if ('kind' in stamps) return { ttft_ms: stamps, tpot_ms: stamps };
  const { sequence, first_ns, last_ns } = stamps;
  return {
    ttft_ms: present((first_ns - sequence.sent_ns) / 1e6),
    tpot_ms:
      sequence.newTokens < 2
        ? missing('a single token')
        : present((last_ns - first_ns) / 1e6 / (sequence.newTokens - 1)),
  };
}

/** One sequence after the other, then what a reader should know. */
export function generateText(outcome: GenerateOutcome): string {
  const { effective, sequences } = outcome;
  const { weights, activations, kvCache, compute } = effective.precision;
  const several = sequences.length > 1;
  return [
    `${outcome.model}, weights ${originText(outcome.origin)}; ${outcome.engine} ${outcome.precision}, ${effective.threads} thread${effective.threads === 1 ? '' : 's'}`,
    `effective precision: weights ${weights}, activations ${activations}, KV cache ${kvCache}, compute ${compute}`,
    `loaded in ${significant(outcome.load_ms / 1000)} s`,
    ...sequences.flatMap((sequence, index) => [
      '',
      ...sequenceLines(sequence, several ? index + 1 : undefined),
    ]),
    '',
    `throughput ${shown(outcome.throughput_tokensPerSecond, 'tokens/s')}`,
    'One generation after one warm-up: a look, not a measurement. hayasa run repeats it in several launches and gives intervals.',
  ].join('\n');
}

function sequenceLines(sequence: GeneratedSequence, number: number | undefined): string[] {
  const { inputTokens, tokens, text, finish, ttft_ms, tpot_ms } = sequence;
  return [
    `${number === undefined ? '' : `sequence ${number}: `}${inputTokens} tokens in, ${tokens.length} out (${FINISH[finish]}), TTFT ${shown(ttft_ms, 'ms')}, TPOT ${shown(tpot_ms, 'ms')}`,
    `tokens: ${tokens.join(' ')}`,
    ...(text === undefined ? [] : [`text: ${text}`]),
  ];
}

const FINISH = { length: 'length reached', stop: 'end of text', cancelled: 'cancelled' } as const;

const shown = (maybe: Maybe<number>, unit: string): string =>
  maybe.kind === 'value' ? `${significant(maybe.value)} ${unit}` : `- (${maybe.reason})`;

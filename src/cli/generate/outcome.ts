/** What `hayasa generate` measured, as plain data (`--json`). Pure but for the tokenizer handed in. */
import type { Cell } from '../../axes/cell.ts';
import { toJournalSample } from '../../journal/sample.ts';
import { type Maybe, type Missing, missing, present, presentValue } from '../../kernel/maybe.ts';
import { newTokens, type TokenStamps, tokenStamps } from '../../metrics/stamps.ts';
import { tokensOverWindow } from '../../metrics/throughput.ts';
import type { Origin } from '../../models/checkpoint/checkpoint.ts';
import type { Effective, Loaded } from '../../protocol/frames.ts';
import { countCharacters } from '../../text/characters.ts';
import type { Generation } from './generation.ts';
import type { GenerateModel } from './model.ts';
import type { GeneratePrompt } from './prompts.ts';

/** What is known once the model is loaded. */
export interface GenerateSetting {
  readonly model: string;
  readonly origin: Origin;
  readonly engine: string;
  readonly precision: string;
  readonly threads: number;
  readonly load_ms: number;
  readonly effective: Effective;
}

export interface GenerateOutcome extends GenerateSetting {
  /** New tokens of all sequences per second, from the start of generation to the last token. */
  readonly throughput_tokensPerSecond: Maybe<number>;
  /** Characters (code points) of the text that they are, over the same time. */
  readonly throughput_charactersPerSecond: Maybe<number>;
  readonly sequences: readonly GeneratedSequence[];
}

export interface GeneratedSequence {
  readonly inputTokens: number;
  /** Only where the prompt was a text. */
  readonly prompt?: string;
  readonly tokens: readonly number[];
  /** Only with a tokenizer. */
  readonly text?: string;
  readonly finish: 'length' | 'stop' | 'cancelled';
  readonly ttft_ms: Maybe<number>;
  readonly tpot_ms: Maybe<number>;
}

export function generateSetting(
  model: GenerateModel,
  cell: Cell,
  loaded: Loaded,
  load_ms: number,
): GenerateSetting {
  return {
    model: model.name,
    origin: model.origin,
    engine: cell.engine,
    precision: cell.precision,
    threads: cell.threads,
    load_ms,
    effective: loaded.effective,
  };
}

export function generateOutcome(
  model: GenerateModel,
  cell: Cell,
  prompts: readonly GeneratePrompt[],
  generation: Generation,
): GenerateOutcome {
  const { sample, tokens } = toJournalSample(generation.sample);
  const stamps = tokenStamps(sample);
  const tokenizer = presentValue(model.tokenizer);
  const texts = tokenizer === undefined ? undefined : tokens.map((ids) => tokenizer.decode(ids));
  return {
    ...generateSetting(model, cell, generation.loaded, generation.load_ms),
    throughput_tokensPerSecond: tokensOverWindow(sample, newTokens(sample)),
    throughput_charactersPerSecond:
      texts === undefined
        ? missing({ en: 'the model has no tokenizer', ja: 'モデルにトークナイザーがありません' })
        : tokensOverWindow(sample, countCharacters(texts)),
    sequences: sample.sequences.map((sequence, index) => {
      const prompt = prompts[index]?.text;
      const text = texts?.[index];
      return {
        inputTokens: sequence.inputTokens,
        ...(prompt === undefined ? {} : { prompt }),
        tokens: tokens[index] ?? [],
        ...(text === undefined ? {} : { text }),
        finish: sequence.finish,
        ...latencies(
          stamps.kind === 'missing'
            ? stamps
            : (stamps.value[index] ?? missing({ en: 'no stamps', ja: '時刻の記録がありません' })),
        ),
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
        ? missing({ en: 'a single token', ja: 'トークンが 1 つだけ' })
        : present((last_ns - first_ns) / 1e6 / (sequence.newTokens - 1)),
  };
}

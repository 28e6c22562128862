/**
 * Prompts cut out of a text, of exact lengths in tokens of the model's tokenizer. Prompt i starts at the i-th of the
 * text's sentences in a seeded order, whatever the batch, engine and precision; a prompt that equals an earlier one, or
 * cannot be cut to the length, gives its turn to the next sentence.
 */
import { HayasaError } from '../kernel/errors.ts';
import { randomStream } from '../kernel/random.ts';
import { type CutPrompt, cutPrompt } from './cut.ts';
import { promptLength, type TokenIdPromptsInit } from './prompts.ts';
import { sentenceStarts } from './sentences.ts';
import type { PromptText } from './text-file.ts';
import type { TextTokenizer } from './text-tokenizer.ts';

export interface TextPromptsInit
  extends Pick<TokenIdPromptsInit, 'count' | 'lengths' | 'inputTokens' | 'seed'> {
  readonly tokenizer: TextTokenizer;
  readonly source: PromptText;
}

/**
 * One prompt per sequence, all different.
 * @throws HayasaError `text/too-short` where the text has fewer tokens than a prompt, or too few places to start from
 */
export function textPrompts(init: TextPromptsInit): CutPrompt[] {
  const { tokenizer, source, count, seed } = init;
  const starts = randomStream(seed, 'prompts: sentences of the text').shuffle(sentenceStarts(source.text));
  const prompts: CutPrompt[] = [];
  const seen = new Set<string>();
  for (const start of starts) {
    if (prompts.length === count) break;
    const tokens = promptLength(init, prompts.length);
    const cut = cutPrompt(tokenizer, source.text, start, tokens);
    if (cut.kind === 'too-short') throw shorterThanPrompt(source, cut.tokens, tokens);
    const key = cut.kind === 'prompt' ? cut.prompt.ids.join() : undefined;
    if (cut.kind === 'no-such-end' || key === undefined || seen.has(key)) continue;
    seen.add(key);
    prompts.push(cut.prompt);
  }
  if (prompts.length < count) throw tooFewPrompts(init, prompts.length, starts.length);
  return prompts;
}

function shorterThanPrompt({ name }: PromptText, tokens: number, wanted: number): HayasaError {
  return new HayasaError({
    code: 'text/too-short',
    message: {
      en: `${name}: has ${tokens} tokens, a prompt needs ${wanted}`,
      ja: `${name}: ${tokens} トークンしかありませんが、プロンプトには ${wanted} トークン必要です`,
    },
    hint: {
      en: 'give a longer text, or fewer input tokens',
      ja: 'もっと長いテキストを使うか、入力トークン数を減らしてください',
    },
  });
}

function tooFewPrompts(
  { source, count, inputTokens }: TextPromptsInit,
  found: number,
  starts: number,
): HayasaError {
  return new HayasaError({
    code: 'text/too-short',
    message: {
      en: `${source.name}: its ${starts} sentences give ${found} different prompts of ${inputTokens} tokens, ${count} are needed`,
      ja: `${source.name}: ${starts} 文から作れる ${inputTokens} トークンの異なるプロンプトは ${found} 個ですが、${count} 個必要です`,
    },
    hint: {
      en: 'give a longer text, or a smaller batch',
      ja: 'もっと長いテキストを使うか、バッチを小さくしてください',
    },
  });
}

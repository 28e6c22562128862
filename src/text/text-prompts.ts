/**
 * Prompts cut out of a text, of exact lengths in tokens of the model's tokenizer. Prompt i starts at the i-th of the
 * text's sentences in a seeded order, whatever the batch, engine and precision; a prompt that equals an earlier one, or
 * cannot be cut to the length, gives its turn to the next sentence.
 */
import { HayasaError } from '../kernel/errors.ts';
import { randomStream } from '../kernel/random.ts';
import { cutPrompt } from './cut.ts';
import type { FormedPrompt, PromptForm } from './prompt-form.ts';
import { promptLength, quarter, type TokenIdPromptsInit } from './prompts.ts';
import { sentenceStarts } from './sentences.ts';
import type { PromptText } from './text-file.ts';

export interface TextPromptsInit
  extends Pick<TokenIdPromptsInit, 'count' | 'lengths' | 'inputTokens' | 'seed'> {
  readonly form: PromptForm;
  readonly source: PromptText;
}

/**
 * One prompt per sequence, all different.
 * @throws HayasaError `text/too-short` where the text has fewer tokens than a prompt, or too few places to start from,
 *   `text/no-room` where a prompt has no token left for its text
 */
export function textPrompts(init: TextPromptsInit): FormedPrompt[] {
  const { form, source, count, seed, inputTokens } = init;
  if (inputTokens <= form.ownTokens) throw noRoom(form, inputTokens);
  const starts = randomStream(seed, 'prompts: sentences of the text').shuffle(sentenceStarts(source.text));
  const shortest = shortestPrompt(form, inputTokens);
  const prompts: FormedPrompt[] = [];
  const seen = new Set<string>();
  for (const start of starts) {
    if (prompts.length === count) break;
    const tokens = promptLength(init, prompts.length, shortest);
    const cut = cutPrompt(form, source.text, start, tokens);
    if (cut.kind === 'too-short') throw shorterThanPrompt(source, cut.tokens, tokens - form.ownTokens);
    const key = cut.kind === 'prompt' ? cut.prompt.ids.join() : undefined;
    if (cut.kind === 'no-such-end' || key === undefined || seen.has(key)) continue;
    seen.add(key);
    prompts.push(cut.prompt);
  }
  if (prompts.length < count) throw tooFewPrompts(init, prompts.length, starts.length);
  return prompts;
}

/** Every prompt has the whole of a chat template, so that ragged lengths are drawn for what it leaves. */
function shortestPrompt({ kind, ownTokens }: PromptForm, inputTokens: number): number {
  switch (kind) {
    case 'chat':
      return ownTokens + quarter(inputTokens - ownTokens);
    case 'text':
      return Math.max(ownTokens + 1, quarter(inputTokens));
  }
}

function noRoom({ kind, ownTokens }: PromptForm, inputTokens: number): HayasaError {
  const own =
    kind === 'chat'
      ? { en: `the chat template takes ${ownTokens}`, ja: `チャットテンプレートが ${ownTokens} を占めます` }
      : { en: `the begin-of-text token takes ${ownTokens}`, ja: `開始トークンが ${ownTokens} を占めます` };
  return new HayasaError({
    code: 'text/no-room',
    message: {
      en: `a prompt of ${inputTokens} tokens has none for its text: ${own.en}`,
      ja: `${inputTokens} トークンのプロンプトには文章の入る余地がありません: ${own.ja}`,
    },
    hint: {
      en: `give at least ${ownTokens + 1} input tokens`,
      ja: `入力トークン数を ${ownTokens + 1} 以上にしてください`,
    },
  });
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

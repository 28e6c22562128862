/**
 * The prompts of `hayasa generate`: given ids, given text, cut from a text file, or seeded random ids. Pure but for the
 * tokenizer and the text handed in.
 */

import { HayasaError, type Problem, ProblemsError } from '../../kernel/errors.ts';
import type { Maybe } from '../../kernel/maybe.ts';
import type { ChatTemplate } from '../../text/chat-template.ts';
import { textForm } from '../../text/prompt-form.ts';
import { tokenIdPrompts } from '../../text/prompts.ts';
import type { PromptText } from '../../text/text-file.ts';
import { textPrompts } from '../../text/text-prompts.ts';
import type { TextTokenizer } from '../../text/text-tokenizer.ts';
import type { GenerateModel } from './model.ts';

export interface PromptWishes {
  readonly promptIds: readonly number[] | undefined;
  readonly prompt: string | undefined;
  /** The chat template that `--chat` asks for, or why there is none; undefined without `--chat`. */
  readonly chat: Maybe<ChatTemplate> | undefined;
  readonly system: string | undefined;
  /** Read where `--text` names a file. */
  readonly source: PromptText | undefined;
  readonly inputTokens: number | undefined;
  readonly outputTokens: number;
  readonly batch: number;
  readonly seed: number;
}

export interface GeneratePrompt {
  readonly ids: readonly number[];
  /** Undefined for ids, given or random. */
  readonly text?: string;
}

const DEFAULT_INPUT_TOKENS = 16;
/** A GGUF file may not say how many tokens it knows: ids below this are known to every model. */
const SAFE_VOCABULARY = 256;

/**
 * One prompt per sequence; a given prompt is the same for all of them.
 * @throws ProblemsError with every option that does not fit, HayasaError `text/no-tokenizer`, `text/too-short`
 */
export function promptsFor(model: GenerateModel, wishes: PromptWishes): GeneratePrompt[] {
  checkTogether(wishes);
  const prompts = makePrompts(model, wishes);
  const problems = problemsOf(model, prompts[0]?.ids ?? [], wishes.outputTokens);
  if (problems.length > 0) throw new ProblemsError('hayasa generate', problems);
  return prompts;
}

function checkTogether({ promptIds, prompt, source, inputTokens, chat, system }: PromptWishes): void {
  if (chat !== undefined && prompt === undefined)
    throw new ProblemsError('hayasa generate', [
      { path: '--chat', message: { en: 'needs --prompt TEXT', ja: '--prompt TEXT が必要です' } },
    ]);
  if (chat === undefined && system !== undefined)
    throw new ProblemsError('hayasa generate', [
      { path: '--system', message: { en: 'needs --chat', ja: '--chat が必要です' } },
    ]);
  const given = [promptIds, prompt, source].filter((wish) => wish !== undefined).length;
  const message = { en: 'only one of them can be given', ja: 'どれか一つだけ指定できます' };
  if (given > 1)
    throw new ProblemsError('hayasa generate', [{ path: '--prompt-ids, --prompt, --text', message }]);
  if (inputTokens !== undefined && (promptIds ?? prompt) !== undefined)
    throw new ProblemsError('hayasa generate', [{ path: '--prompt-ids, --prompt, --input-tokens', message }]);
}

function makePrompts(model: GenerateModel, wishes: PromptWishes): GeneratePrompt[] {
  const { promptIds, prompt, chat, source, batch: count, seed } = wishes;
  const same = (one: GeneratePrompt): GeneratePrompt[] => Array.from({ length: count }, () => one);
  if (promptIds !== undefined) return same({ ids: promptIds });
  if (prompt !== undefined && chat !== undefined) return same(chatPrompt(model, chat, prompt, wishes.system));
  if (prompt !== undefined) return same({ ids: encode(model, prompt), text: prompt });
  const wish = {
    count,
    lengths: 'equal',
    inputTokens: wishes.inputTokens ?? DEFAULT_INPUT_TOKENS,
    seed,
  } as const;
  if (source !== undefined)
    return textPrompts({ ...wish, source, form: textForm(tokenizerOf(model, '--text')) });
  const ids = tokenIdPrompts({
    ...wish,
    vocabularySize: model.vocabularySize ?? SAFE_VOCABULARY,
    reservedTokens: [model.bosTokenId, model.endOfTextTokens[0]].filter((id) => id !== undefined),
  });
  return ids.map((one) => ({ ids: one }));
}

function tokenizerOf({ tokenizer }: GenerateModel, option: string): TextTokenizer {
  if (tokenizer.kind === 'value') return tokenizer.value;
  throw new HayasaError({
    code: 'text/no-tokenizer',
    message: {
      en: `${option} needs a tokenizer: ${tokenizer.reason.en}`,
      ja: `${option} にはトークナイザーが必要です: ${tokenizer.reason.ja}`,
    },
    hint: {
      en: 'use --prompt-ids 1,2,3 or --input-tokens N',
      ja: '--prompt-ids 1,2,3 か --input-tokens N を使ってください',
    },
  });
}

/** The conversation as the template writes it: begin-of-text and other special tokens stand in its text. */
function chatPrompt(
  model: GenerateModel,
  chat: Maybe<ChatTemplate>,
  prompt: string,
  system: string | undefined,
): GeneratePrompt {
  const { encode: idsOf, readsSpecialTokens, kind } = tokenizerOf(model, '--chat');
  if (chat.kind === 'missing' || !readsSpecialTokens) {
    throw new HayasaError({
      code: 'text/no-chat-template',
      message:
        chat.kind === 'missing'
          ? { en: `--chat: ${chat.reason.en}`, ja: `--chat: ${chat.reason.ja}` }
          : {
              en: `--chat needs a tokenizer.json or byte-level merges: ${kind} does not read special tokens in a text`,
              ja: `--chat には tokenizer.json かバイトレベルのマージが必要です: ${kind} は文章の中の特殊トークンを読みません`,
            },
      hint: {
        en: 'leave --chat out to give the prompt as it is',
        ja: 'プロンプトをそのまま与えるには --chat を外してください',
      },
    });
  }
  const text = chat.value.render([
    ...(system === undefined ? [] : [{ role: 'system', content: system } as const]),
    { role: 'user', content: prompt },
  ]);
  return { ids: idsOf(text), text };
}

/** As the tokenizer prepares a text for its model: with the begin-of-text token where it puts one. */
function encode(model: GenerateModel, prompt: string): number[] {
  const { encode: idsOf, prefixTokens } = tokenizerOf(model, '--prompt');
  const ids = [...prefixTokens, ...idsOf(prompt)];
  // A text that encodes to nothing still needs a token to start from.
  return ids.length === 0 && model.bosTokenId !== undefined && model.format === 'safetensors'
    ? [model.bosTokenId]
    : ids;
}

function problemsOf(model: GenerateModel, prompt: readonly number[], outputTokens: number): Problem[] {
  const { vocabularySize, maximumPositions } = model;
  const unknown = vocabularySize === undefined ? undefined : prompt.find((id) => id >= vocabularySize);
  const positions = prompt.length + outputTokens;
  return [
    ...(prompt.length === 0
      ? [{ path: '--prompt', message: { en: 'has no tokens', ja: 'トークンがありません' } }]
      : []),
    ...(unknown === undefined
      ? []
      : [
          {
            path: '--prompt-ids',
            message: { en: 'is not in the vocabulary', ja: '語彙にありません' },
            value: String(unknown),
            allowed: { en: `0 to ${(vocabularySize ?? 0) - 1}`, ja: `0 から ${(vocabularySize ?? 0) - 1}` },
          },
        ]),
    ...(maximumPositions === undefined || positions <= maximumPositions
      ? []
      : [
          {
            path: '--output-tokens',
            message: { en: 'goes beyond the positions of the model', ja: 'モデルの位置数を超えます' },
            value: String(outputTokens),
            allowed: {
              en: `at most ${Math.max(0, maximumPositions - prompt.length)} after ${prompt.length} prompt tokens`,
              ja: `プロンプト ${prompt.length} トークンの後は最大 ${Math.max(0, maximumPositions - prompt.length)}`,
            },
          },
        ]),
  ];
}

/**
 * The text side of each model of a study: its tokenizer, and where its prompts come from. A model with a tokenizer gets
 * prompts of the study's text, or of Hayasa's own; one without gets seeded token ids, and the report says why.
 */
import type { Host } from '../host/host.ts';
import { HayasaError } from '../kernel/errors.ts';
import { listedOnce, same, type Words } from '../kernel/language.ts';
import { type Maybe, presentValue } from '../kernel/maybe.ts';
import type { RecordedWords } from '../kernel/recorded-words.ts';
import type { Plan } from '../plan/plan.ts';
import { tokenLimits } from '../plan/token-limits.ts';
import type { Study } from '../study/study.ts';
import { loadChatTemplate } from '../text/chat-template.ts';
import { chatForm, type PromptForm, textForm } from '../text/prompt-form.ts';
import { type PromptSource, textSource, tokenIdSource } from '../text/prompt-source.ts';
import { ownText, type PromptText, readPromptText } from '../text/text-file.ts';
import type { TextTokenizer } from '../text/text-tokenizer.ts';
import { loadTokenizer } from '../text/tokenizer.ts';
import type { RunModel } from './models.ts';

export interface ModelText {
  readonly tokenizer: Maybe<TextTokenizer>;
  readonly source: PromptSource;
  /** For the record and the report. */
  readonly origin: PromptOrigin;
}

/** Where the prompts of `model` come from, as plain data. */
export type PromptOrigin =
  | { readonly kind: 'token-ids'; readonly model: string; readonly reason: RecordedWords }
  | {
      readonly kind: 'text';
      readonly model: string;
      /** Of the text. */
      readonly name: string;
      readonly textHash: string;
      readonly tokenizer: string;
      readonly tokenizerHash: string;
      /** Whether its prompts are messages of a chat; absent where the study does not ask for a chat. */
      readonly chat?: ChatOrigin;
    };

/** The chat template around the prompts of a model, or why they are pieces of the text as it is. */
export type ChatOrigin =
  | { readonly kind: 'template'; readonly hash: string; readonly tokens: number }
  | { readonly kind: 'none'; readonly reason: RecordedWords };

/** By the model's name in the study. */
export type ModelTexts = ReadonlyMap<string, ModelText>;

/**
 * Reads tokenizers and text.
 * @throws HayasaError `text/no-tokenizer` where the study names a text and no model can read one, `text/bad-tokenizer`,
 *   `text/tokenizer-does-not-fit`, `text/no-chat-template` where the study wants a chat of every model and one has no
 *   template, `text/chat-template`, `text/not-utf8`, `text/empty`, `file/missing`
 */
export function modelTexts(host: Host, study: Study, models: readonly RunModel[]): ModelTexts {
  let text: PromptText | undefined;
  const sourceText = (): PromptText => {
    text ??=
      typeof study.text === 'string'
        ? readPromptText(host.files, host.system.currentFolder, study.text)
        : ownText(host.files);
    return text;
  };
  const found = models.map((model) => ({ model, tokenizer: tokenizerOf(host, model) }));
  if (typeof study.text === 'string' && found.every(({ tokenizer }) => tokenizer.kind === 'missing')) {
    const reasons = listedOnce(
      found.flatMap(({ tokenizer }) => (tokenizer.kind === 'missing' ? [tokenizer.reason] : [])),
    );
    throw new HayasaError({
      code: 'text/no-tokenizer',
      message: {
        en: `no model of the study can read ${study.text}: ${reasons?.en ?? ''}`,
        ja: `${study.text} を読めるモデルがスタディにありません: ${reasons?.ja ?? ''}`,
      },
      hint: {
        en: 'leave text out: prompts are then seeded token ids',
        ja: 'text を省くと、プロンプトはシード付きのトークン ID になります',
      },
    });
  }
  return new Map(
    found.map(({ model, tokenizer }) => [model.name, textOf(host, model, tokenizer, study, sourceText)]),
  );
}

const ASKED_FOR_IDS: Words = {
  en: 'the study asks for token ids',
  ja: 'スタディがトークン ID を指定しています',
};

function tokenizerOf(host: Host, model: RunModel): Maybe<TextTokenizer> {
  const size = model.kind === 'file' ? model.file.sizes.vocabularySize : model.shape.vocabularySize;
  return loadTokenizer(host.files, model.path, size);
}

function textOf(
  host: Host,
  model: RunModel,
  tokenizer: Maybe<TextTokenizer>,
  study: Study,
  sourceText: () => PromptText,
): ModelText {
  const { name } = model;
  if (tokenizer.kind === 'missing' || study.text === false) {
    const reason = tokenizer.kind === 'missing' ? tokenizer.reason : ASKED_FOR_IDS;
    if (study.chat === true) throw noChat(name, reason);
    return { tokenizer, source: idSource(model), origin: { kind: 'token-ids', model: name, reason } };
  }
  const text = sourceText();
  const { form, chat } = formOf(host, model, tokenizer.value, study);
  return {
    tokenizer,
    source: textSource(form, text),
    origin: {
      kind: 'text',
      model: name,
      name: text.name,
      textHash: text.hash,
      tokenizer: tokenizer.value.kind,
      tokenizerHash: tokenizer.value.hash,
      ...(chat === undefined ? {} : { chat }),
    },
  };
}

/** Pieces of the text as they are, or messages in the model's chat template where the study asks for a chat. */
function formOf(
  { files }: Host,
  { name, path }: RunModel,
  tokenizer: TextTokenizer,
  { chat: wished }: Study,
): { readonly form: PromptForm; readonly chat?: ChatOrigin } {
  if (wished === undefined) return { form: textForm(tokenizer) };
  const template = loadChatTemplate(files, path);
  const form = chatForm(tokenizer, template);
  if (form.kind === 'value' && template.kind === 'value') {
    const { hash } = template.value;
    return { form: form.value, chat: { kind: 'template', hash, tokens: form.value.ownTokens } };
  }
  const reason = form.kind === 'missing' ? form.reason : same('');
  if (wished === true) throw noChat(name, reason);
  return { form: textForm(tokenizer), chat: { kind: 'none', reason } };
}

const noChat = (model: string, reason: Words): HayasaError =>
  new HayasaError({
    code: 'text/no-chat-template',
    message: { en: `chat: ${model}: ${reason.en}`, ja: `chat: ${model}: ${reason.ja}` },
    hint: {
      en: 'chat: where-available gives prompts as they are to models without a template',
      ja: 'chat: where-available なら、テンプレートのないモデルには文章をそのまま渡します',
    },
  });

/** A model whose limits are unknown has no planned cells, so nobody asks for its prompts. */
function idSource(model: RunModel): PromptSource {
  const limits = presentValue(tokenLimits(model));
  return tokenIdSource({
    vocabularySize: limits?.vocabularySize ?? 0,
    reservedTokens: [limits?.bosTokenId, limits?.eosTokenId].filter((id) => id !== undefined),
  });
}

/** The source of a model that the study has. */
export function promptSource(texts: ModelTexts, model: string): PromptSource {
  const text = texts.get(model);
  if (text === undefined) throw new RangeError(`${model} is no model of the study`);
  return text.source;
}

/** Cuts every prompt that the plan needs, so that a text that is too short is known before anything starts. */
export function checkPrompts(texts: ModelTexts, plan: Pick<Plan, 'cells'>, seed: number): void {
  for (const shape of promptShapes(plan)) {
    const text = texts.get(shape.model);
    if (text?.origin.kind === 'text') text.source.prompts({ ...shape, seed });
  }
}

export interface PromptShape {
  readonly model: string;
  readonly lengths: 'equal' | 'ragged';
  readonly inputTokens: number;
  /** The largest batch. */
  readonly count: number;
}

/** The prompts of a plan: one entry per model, lengths and number of tokens. */
export function promptShapes({ cells }: Pick<Plan, 'cells'>): PromptShape[] {
  const shapes = new Map<string, PromptShape>();
  for (const { cell } of cells) {
    const { model, promptLengths: lengths, inputTokens, batch } = cell;
    const key = `${model} ${lengths} ${inputTokens}`;
    const count = Math.max(batch, shapes.get(key)?.count ?? 0);
    shapes.set(key, { model, lengths, inputTokens, count });
  }
  return [...shapes.values()];
}

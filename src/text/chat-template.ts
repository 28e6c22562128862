/**
 * The chat template of a model folder: how messages become the text that the model was trained on. Written in Jinja,
 * rendered by @huggingface/jinja; checked against jinja2 with the settings of Transformers (test/golden/text/chat.json).
 * Found in chat_template.jinja, else in tokenizer_config.json (the entry `default` where there are several).
 */
import { join } from 'node:path';
import { Template } from '@huggingface/jinja';
import type { Files } from '../host/host.ts';
import { HayasaError, messageOf } from '../kernel/errors.ts';
import { type Maybe, missing, present } from '../kernel/maybe.ts';
import { type JsonObject, readTokenizerConfig } from './files.ts';

export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

export interface ChatTemplate {
  /** The text of a conversation, up to where the model answers. @throws HayasaError `text/chat-template` */
  render(messages: readonly ChatMessage[]): string;
}

/** Names of special tokens that templates refer to. */
const SPECIAL_TOKENS = ['bos_token', 'eos_token', 'pad_token', 'unk_token'] as const;

/** The template in `folder`, or why there is none. @throws HayasaError `text/chat-template`, `text/bad-tokenizer` */
export function loadChatTemplate(files: Files, folder: string): Maybe<ChatTemplate> {
  const config = readTokenizerConfig(files, folder);
  const path = join(folder, 'chat_template.jinja');
  const source = files.kind(path) === 'file' ? files.readText(path) : templateOf(config['chat_template']);
  if (source === undefined) {
    return missing(`${folder} has no chat_template.jinja, and its tokenizer_config.json no chat_template`);
  }
  const template = guarded(folder, () => new Template(source));
  const specials = specialTokens(config);
  return present({
    render: (messages) =>
      guarded(folder, () =>
        template.render({ ...specials, messages: [...messages], add_generation_prompt: true }),
      ),
  });
}

function templateOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return undefined;
  const entries = value as readonly { readonly name?: unknown; readonly template?: unknown }[];
  const chosen = entries.find(({ name }) => name === 'default')?.template;
  return typeof chosen === 'string' ? chosen : undefined;
}

/** By name; a token is a text, or an object with its `content`. */
function specialTokens(config: JsonObject): Record<string, string> {
  return Object.fromEntries(
    SPECIAL_TOKENS.flatMap((name) => {
      const value = config[name];
      const content =
        typeof value === 'object' && value !== null
          ? (value as { readonly content?: unknown }).content
          : value;
      return typeof content === 'string' ? [[name, content]] : [];
    }),
  );
}

/** The library throws what a template raises, and for what it cannot parse. */
function guarded<T>(folder: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw new HayasaError({
      code: 'text/chat-template',
      message: `the chat template of ${folder}: ${messageOf(error)}`,
      hint: 'leave --chat out to give the prompt as it is',
      cause: error,
    });
  }
}

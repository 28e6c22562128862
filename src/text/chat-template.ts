/**
 * The chat template of a model: how messages become the text that the model was trained on. Written in Jinja,
 * rendered by @huggingface/jinja; checked against jinja2 with the settings of Transformers (test/golden/text/chat.json).
 * Found in chat_template.jinja, else in tokenizer_config.json (the entry `default` where there are several), or in the metadata of
 * a GGUF file.
 */
import { join } from 'node:path';
import { Template } from '@huggingface/jinja';
import type { Files } from '../host/host.ts';
import { contentHash } from '../kernel/canonical.ts';
import { HayasaError, messageOf } from '../kernel/errors.ts';
import { type Maybe, missing, present } from '../kernel/maybe.ts';
import { parseGgufMetadata } from '../models/checkpoint/gguf-header.ts';
import { type JsonObject, readTokenizerConfig } from './files.ts';

export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

export interface ChatTemplate {
  /** Content hash of its text and the special tokens that it writes. */
  readonly hash: string;
  /** The text of a conversation, up to where the model answers. @throws HayasaError `text/chat-template` */
  render(messages: readonly ChatMessage[]): string;
}

/** Names of special tokens that templates refer to. */
const SPECIAL_TOKENS = ['bos_token', 'eos_token', 'pad_token', 'unk_token'] as const;

interface WrittenTemplate {
  readonly source: string | undefined;
  /** Special tokens by the names that templates have for them. */
  readonly specials: Readonly<Record<string, string>>;
}

/**
 * The template of a model folder or a GGUF file, or why there is none.
 * @throws HayasaError `text/chat-template`, `text/bad-tokenizer`
 */
export function loadChatTemplate(files: Files, path: string): Maybe<ChatTemplate> {
  const inFile = files.kind(path) === 'file';
  const { source, specials } = inFile ? writtenInGguf(files, path) : writtenInFolder(files, path);
  if (source === undefined) {
    return missing(
      inFile
        ? { en: `${path} has no chat template`, ja: `${path} にチャットテンプレートがありません` }
        : {
            en: `${path} has no chat_template.jinja, and its tokenizer_config.json no chat_template`,
            ja: `${path} に chat_template.jinja がなく、tokenizer_config.json にも chat_template がありません`,
          },
    );
  }
  const template = guarded(path, () => new Template(source));
  return present({
    hash: contentHash({ source, specials }),
    render: (messages) =>
      guarded(path, () =>
        template.render({ ...specials, messages: [...messages], add_generation_prompt: true }),
      ),
  });
}

function writtenInFolder(files: Files, folder: string): WrittenTemplate {
  const config = readTokenizerConfig(files, folder);
  const path = join(folder, 'chat_template.jinja');
  const source = files.kind(path) === 'file' ? files.readText(path) : templateOf(config['chat_template']);
  return { source, specials: specialTokens(config) };
}

function writtenInGguf(files: Files, path: string): WrittenTemplate {
  const tokensKey = 'tokenizer.ggml.tokens';
  const read = (offset: number, length: number): Uint8Array => files.readRange(path, offset, length);
  const metadata = parseGgufMetadata(read, files.size(path) ?? 0, path, new Set([tokensKey]));
  const tokens = metadata.get(tokensKey);
  const tokenOf = (name: string): string | undefined => {
    const id = metadata.get(`tokenizer.ggml.${name}_token_id`);
    const token = typeof id === 'number' && typeof tokens === 'object' ? tokens.first[id] : undefined;
    return typeof token === 'string' ? token : undefined;
  };
  return {
    source: templateOf(metadata.get('tokenizer.chat_template')),
    specials: Object.fromEntries(
      (['bos', 'eos'] as const).flatMap((name) => {
        const token = tokenOf(name);
        return token === undefined ? [] : [[`${name}_token`, token]];
      }),
    ),
  };
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
      message: {
        en: `the chat template of ${folder}: ${messageOf(error)}`,
        ja: `${folder} のチャットテンプレート: ${messageOf(error)}`,
      },
      hint: {
        en: 'leave --chat (of a study: chat) out to give prompts as they are',
        ja: '--chat（スタディでは chat）を省くと、プロンプトをそのまま渡します',
      },
      cause: error,
    });
  }
}

/**
 * The tokenizer of a model folder (tokenizer.json), through @huggingface/tokenizers. A synthetic checkpoint has none:
 * then token ids are all there is, and the reason says so.
 */
import { join } from 'node:path';
import { Tokenizer } from '@huggingface/tokenizers';
import type { Files } from '../host/host.ts';
import { HayasaError, messageOf } from '../kernel/errors.ts';
import { type Maybe, missing, present } from '../kernel/maybe.ts';

export interface TextTokenizer {
  /** Token ids of `text`; no special tokens are added. */
  encode(text: string): number[];
  /** Text of `tokens`; special tokens are left out. */
  decode(tokens: readonly number[]): string;
  /** Entries of the vocabulary, added tokens included. */
  readonly vocabularySize: number;
}

/**
 * The tokenizer in `folder`, or why there is none.
 * @throws HayasaError `text/bad-tokenizer` where tokenizer.json or tokenizer_config.json is damaged or of an unknown kind
 */
export function loadTokenizer(files: Files, folder: string): Maybe<TextTokenizer> {
  const path = join(folder, 'tokenizer.json');
  if (files.kind(path) !== 'file') return missing(`${folder} has no tokenizer.json`);
  const definition = readObject(files, path);
  const configPath = join(folder, 'tokenizer_config.json');
  const config = files.kind(configPath) === 'file' ? readObject(files, configPath) : {};
  return present(guarded(path, () => wrap(new Tokenizer(definition, config), path)));
}

function wrap(tokenizer: Tokenizer, path: string): TextTokenizer {
  return {
    encode: (text) => guarded(path, () => tokenizer.encode(text, { add_special_tokens: false }).ids),
    decode: (tokens) => guarded(path, () => tokenizer.decode([...tokens], { skip_special_tokens: true })),
    vocabularySize: tokenizer.get_vocab(true).size,
  };
}

function readObject(files: Files, path: string): object {
  const text = files.readText(path);
  const value = guarded<unknown>(path, () => JSON.parse(text));
  if (typeof value === 'object' && value !== null) return value;
  throw badTokenizer(path, 'is no JSON object');
}

/** The library throws whatever its parts throw. */
function guarded<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw badTokenizer(path, messageOf(error), error);
  }
}

const badTokenizer = (path: string, what: string, cause?: unknown): HayasaError =>
  new HayasaError({
    code: 'text/bad-tokenizer',
    message: `${path}: ${what}`,
    hint: 'the file is damaged or of an unknown kind; token ids work without it',
    cause,
  });

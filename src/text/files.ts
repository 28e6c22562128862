/** Reading the files of a tokenizer, with errors that name them. */
import { join } from 'node:path';
import type { Files } from '../host/host.ts';
import { HayasaError, messageOf } from '../kernel/errors.ts';
import { inEvery, same, type Words } from '../kernel/language.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** @throws HayasaError `text/bad-tokenizer` */
export function readJsonObject(files: Files, path: string): JsonObject {
  const text = files.readText(path);
  const value = guarded<unknown>(path, () => JSON.parse(text));
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw badTokenizer(path, { en: 'is no JSON object', ja: 'JSON オブジェクトではありません' });
}

/** tokenizer_config.json in `folder`; empty where there is none. @throws HayasaError `text/bad-tokenizer` */
export function readTokenizerConfig(files: Files, folder: string): JsonObject {
  const path = join(folder, 'tokenizer_config.json');
  return files.kind(path) === 'file' ? readJsonObject(files, path) : {};
}

/** Runs `action`; libraries throw whatever their parts throw. @throws HayasaError `text/bad-tokenizer` */
export function guarded<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (error instanceof HayasaError) throw error;
    throw badTokenizer(path, same(messageOf(error)), error);
  }
}

export const badTokenizer = (path: string, what: Words, cause?: unknown): HayasaError =>
  new HayasaError({
    code: 'text/bad-tokenizer',
    message: inEvery((say) => `${path}: ${say(what)}`),
    hint: {
      en: 'the file is damaged or of an unknown kind; token ids work without it',
      ja: 'ファイルが壊れているか未知の種類です。トークン ID ならこのファイルなしで使えます',
    },
    cause,
  });

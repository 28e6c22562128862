/** JSON files of checkpoints: of bounded size, and without keys that stand twice. */
import type { Files } from '../../host/host.ts';
import { HayasaError, messageOf, ProblemsError } from '../../kernel/errors.ts';
import { inEvery, type Words } from '../../kernel/language.ts';
import { duplicateKeys } from './duplicate-keys.ts';

/** The index of the largest published checkpoints is about 1 MB. */
const MAXIMUM_BYTES = 100_000_000;

/**
 * The value of a JSON file.
 * @throws HayasaError `checkpoint/bad-json`, `file/missing`, `file/not-readable`
 * @throws ProblemsError where keys stand twice
 */
export function readJsonFile(files: Files, path: string): unknown {
  const size = files.size(path);
  if (size !== undefined && size > MAXIMUM_BYTES) {
    throw badJson(path, {
      en: `has ${size} bytes (${MAXIMUM_BYTES} at most)`,
      ja: `${size} バイトあります（上限 ${MAXIMUM_BYTES}）`,
    });
  }
  const text = files.readText(path);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw badJson(path, {
      en: `is no JSON: ${messageOf(error)}`,
      ja: `JSON ではありません: ${messageOf(error)}`,
    });
  }
  const duplicates = duplicateKeys(text);
  if (duplicates.length > 0) {
    throw new ProblemsError(
      path,
      duplicates.map((key) => ({ path: key, message: { en: 'stands twice', ja: '2 回書かれています' } })),
    );
  }
  return value;
}

const badJson = (path: string, what: Words): HayasaError =>
  new HayasaError({
    code: 'checkpoint/bad-json',
    message: inEvery((say) => `${path}: ${say(what)}`),
    hint: {
      en: 'the file is damaged: fetch or make it again',
      ja: 'ファイルが壊れています。取得し直すか作り直してください',
    },
  });

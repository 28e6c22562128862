/** JSON files of checkpoints: of bounded size, and without keys that stand twice. */
import type { Files } from '../../host/host.ts';
import { HayasaError, messageOf, ProblemsError } from '../../kernel/errors.ts';
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
    throw badJson(path, `has ${size} bytes (${MAXIMUM_BYTES} at most)`);
  }
  const text = files.readText(path);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw badJson(path, `is no JSON: ${messageOf(error)}`);
  }
  const duplicates = duplicateKeys(text);
  if (duplicates.length > 0) {
    throw new ProblemsError(
      path,
      duplicates.map((key) => ({ path: key, message: 'stands twice' })),
    );
  }
  return value;
}

const badJson = (path: string, what: string): HayasaError =>
  new HayasaError({
    code: 'checkpoint/bad-json',
    message: `${path}: ${what}`,
    hint: 'the file is damaged: fetch or make it again',
  });

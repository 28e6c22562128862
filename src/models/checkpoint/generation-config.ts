/**
 * What a folder's generation_config.json says of the end of a text. Where it names tokens, those end a text and not
 * config.json's, as in transformers (`generate` of 5.18: the model's generation config comes from that file where there is
 * one). Its settings of sampling are left alone: a study says how tokens are chosen.
 */
import { z } from 'zod';
import type { Files } from '../../host/host.ts';
import { ProblemsError } from '../../kernel/errors.ts';
import { tokenId } from '../architectures/config-fields.ts';
import { problemsOf } from '../architectures/config-problems.ts';
import { type EndOfText, endOfText } from '../end-of-text.ts';
import { readJsonFile } from './json-file.ts';

const FILE = 'generation_config.json';
const schema = z.object({ eos_token_id: z.union([tokenId, z.array(tokenId).min(1)]).nullish() });

/**
 * The tokens that end a text; config.json's (`ofConfig`) comes first where it is one of them.
 * @throws HayasaError `checkpoint/bad-json`; ProblemsError where the file names something that is no token
 */
export function readEndOfText(files: Files, folder: string, ofConfig: EndOfText): EndOfText {
  if (!files.list(folder).includes(FILE)) return ofConfig;
  const path = files.realPath(`${folder}/${FILE}`);
  const parsed = schema.safeParse(readJsonFile(files, path), { reportInput: true });
  if (!parsed.success) throw new ProblemsError(`${folder}/${FILE}`, problemsOf(parsed.error));
  const named = [parsed.data.eos_token_id ?? []].flat();
  if (named.length === 0) return ofConfig;
  const { eosTokenId: first } = ofConfig;
  return endOfText(first !== undefined && named.includes(first) ? [first, ...named] : named);
}

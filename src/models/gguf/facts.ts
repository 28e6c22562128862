/** What a GGUF header says under the keys of its architecture, and which tensors it has. */
import type { GgufHeader } from '../checkpoint/gguf-header.ts';
import { endOfTextTokens } from '../end-of-text.ts';
import { ggufEndOfText } from './end-of-text.ts';

export interface GgufFacts {
  /** `<architecture>.<key>` as a number; undefined where it is missing or something else. */
  number(key: string): number | undefined;
  text(key: string): string | undefined;
  flag(key: string): boolean | undefined;
  has(tensorName: string): boolean;
  /** Rows of the embedding. */
  readonly vocabularySize: number | undefined;
  readonly bosTokenId: number | undefined;
  /** Those that end a text, a turn or a message, each once; undefined where the file names none. */
  readonly eosTokenIds: readonly number[] | undefined;
}

export function ggufFacts({ metadata, tensors }: GgufHeader, architecture: string): GgufFacts {
  const value = (key: string) => metadata.get(`${architecture}.${key}`);
  const names = new Set(tensors.map(({ name }) => name));
  const asNumber = (found: unknown): number | undefined => {
    const number = typeof found === 'bigint' ? Number(found) : found;
    return typeof number === 'number' ? number : undefined;
  };
  const eosTokenIds = endOfTextTokens(ggufEndOfText(metadata));
  return {
    number: (key) => asNumber(value(key)),
    text: (key) => {
      const found = value(key);
      return typeof found === 'string' ? found : undefined;
    },
    flag: (key) => {
      const found = value(key);
      return typeof found === 'boolean' ? found : undefined;
    },
    has: (name) => names.has(name),
    vocabularySize: tensors.find(({ name }) => name === 'token_embd.weight')?.dimensions[1],
    bosTokenId: asNumber(metadata.get('tokenizer.ggml.bos_token_id')),
    eosTokenIds: eosTokenIds.length === 0 ? undefined : eosTokenIds,
  };
}

/** Numbers of a config are stored as float32: 9.999999747378752e-6 is 1e-5. */
export const asWritten = (value: number | undefined): number | undefined =>
  value === undefined ? undefined : Number(value.toPrecision(6));

/** Which tokens a GGUF file names as ends: of a text, of a turn of a chat, of a message (keys: llama.cpp's gguf package). */
import type { GgufValue } from '../checkpoint/gguf-metadata.ts';
import { type EndOfText, endOfText } from '../end-of-text.ts';

const KEYS = ['eos_token_id', 'eot_token_id', 'eom_token_id'] as const;

/** `tokenizer.ggml.eos_token_id` first; a file without it names no end of text, whatever else it has. */
export function ggufEndOfText(metadata: ReadonlyMap<string, GgufValue>): EndOfText {
  const [eos, ...others] = KEYS.map((key) => {
    const value = metadata.get(`tokenizer.ggml.${key}`);
    const id = typeof value === 'bigint' ? Number(value) : value;
    return typeof id === 'number' && Number.isSafeInteger(id) && id >= 0 ? id : undefined;
  });
  return endOfText(eos === undefined ? [] : [eos, ...others.filter((id) => id !== undefined)]);
}

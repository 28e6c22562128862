/** A text that prompts are cut from: a UTF-8 file of the user, or the one that ships with Hayasa. */

import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Files } from '../host/host.ts';
import { contentHash } from '../kernel/canonical.ts';
import { HayasaError } from '../kernel/errors.ts';
import { same, type Words } from '../kernel/language.ts';

export interface PromptText {
  /** For messages and records: the path as given, or what the text of Hayasa is called. */
  readonly name: string;
  readonly text: string;
  /** Of the text: two runs with the same one were fed from the same text. */
  readonly hash: string;
}

/** Written for this project; see texts/README.md. */
export const OWN_TEXT_NAME = "Hayasa's Japanese text";

/** The name of a text as people read it: a file's is its path. */
export const textName = (name: string): Words =>
  name === OWN_TEXT_NAME ? { en: name, ja: 'Hayasa の日本語の文章' } : same(name);

/** Compiled code lies one folder deeper than sources. */
const OWN_TEXT: string = fileURLToPath(
  new URL(
    import.meta.url.endsWith('.ts') ? '../../texts/japanese.txt' : '../../../texts/japanese.txt',
    import.meta.url,
  ),
);

/** The essays that ship with Hayasa: Japanese, about 6,700 characters. */
export const ownText = (files: Files): PromptText => promptText(OWN_TEXT_NAME, readUtf8(files, OWN_TEXT));

/**
 * The text of a file; `path` counts from `folder`. A byte order mark at its start is no part of the text.
 * @throws HayasaError `file/missing`, `text/not-utf8`, `text/empty`
 */
export function readPromptText(files: Files, folder: string, path: string): PromptText {
  return promptText(path, readUtf8(files, resolve(folder, path)));
}

function promptText(name: string, text: string): PromptText {
  if (text.trim() === '')
    throw new HayasaError({
      code: 'text/empty',
      message: { en: `${name}: has no text`, ja: `${name}: テキストがありません` },
    });
  return { name, text, hash: contentHash(text) };
}

/** @throws HayasaError `file/missing`, `text/not-utf8` with the place of the first wrong byte */
export function readUtf8(files: Files, path: string): string {
  const size = files.size(path);
  // A missing file: the error of reading it says so best.
  if (size === undefined || files.kind(path) !== 'file') return files.readText(path);
  const bytes = files.readRange(path, 0, size);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new HayasaError({
      code: 'text/not-utf8',
      message: {
        en: `${path}: is not UTF-8: byte ${firstWrongByte(bytes)} belongs to no character`,
        ja: `${path}: UTF-8 ではありません: ${firstWrongByte(bytes)} バイト目がどの文字にも属しません`,
      },
      hint: {
        en: 'convert it first: hayasa text clean FILE --out TEXT reads Shift_JIS too',
        ja: '先に変換してください: hayasa text clean FILE --out TEXT は Shift_JIS も読めます',
      },
    });
  }
}

/** 0-based. Decoding replaces what is wrong, so the text written back departs from the bytes at the first wrong one. */
function firstWrongByte(bytes: Uint8Array): number {
  const again = Buffer.from(new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes), 'utf8');
  return bytes.findIndex((byte, i) => byte !== again[i]);
}

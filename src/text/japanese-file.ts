/** Reading a Japanese text file whose encoding is not known: UTF-8, else Shift_JIS (as Windows writes it). */
import type { Files } from '../host/host.ts';
import { HayasaError } from '../kernel/errors.ts';

export interface JapaneseFile {
  readonly text: string;
  readonly encoding: 'UTF-8' | 'Shift_JIS';
}

/** A text that is valid in both is UTF-8: bytes of Shift_JIS are that by accident only in the shortest texts. */
const ENCODINGS = [
  ['UTF-8', 'utf-8'],
  ['Shift_JIS', 'shift_jis'],
] as const;

/** @throws HayasaError `file/missing`, `text/unknown-encoding` */
export function readJapaneseFile(files: Files, path: string): JapaneseFile {
  const size = files.size(path);
  // A missing file: the error of reading it says so best.
  if (size === undefined || files.kind(path) !== 'file')
    return { text: files.readText(path), encoding: 'UTF-8' };
  const bytes = files.readRange(path, 0, size);
  for (const [encoding, label] of ENCODINGS) {
    try {
      return { text: new TextDecoder(label, { fatal: true }).decode(bytes), encoding };
    } catch {
      // The next one, then.
    }
  }
  throw new HayasaError({
    code: 'text/unknown-encoding',
    message: {
      en: `${path}: is neither UTF-8 nor Shift_JIS`,
      ja: `${path}: UTF-8 でも Shift_JIS でもありません`,
    },
    hint: {
      en: 'convert it to UTF-8 first (iconv -f EUC-JP -t UTF-8 FILE)',
      ja: '先に UTF-8 に変換してください（iconv -f EUC-JP -t UTF-8 FILE）',
    },
  });
}

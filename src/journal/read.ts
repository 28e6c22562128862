/**
 * Reading a journal: lines of JSON, each validated. What follows the last intact line is a torn tail (the process or the
 * machine died while writing) and is reported, not read; damage anywhere else is an error that names its line.
 * A record counts from the moment its newline is on disk. Files are read in pieces, so a journal may exceed the
 * longest string that the engine can hold. Lines of repeats, which can be millions, have a reader of their own.
 */

import type { Files } from '../host/host.ts';
import { EXIT, HayasaError, messageOf } from '../kernel/errors.ts';
import { same, type Words } from '../kernel/language.ts';
import { migrateRecord, type RawRecord } from './migration.ts';
import { addRecord, type RepeatHead, repeatPacker } from './pack-repeats.ts';
import { lineByLine, type ReadRecord } from './packed-repeats.ts';
import { JOURNAL_VERSION, type JournalRecord, recordSchema } from './records.ts';
import { repeatLineReader } from './repeat-line.ts';

export interface ReadJournal<R extends ReadRecord = JournalRecord> {
  readonly records: readonly R[];
  /** Length of the intact prefix. */
  readonly intactBytes: number;
  /** Bytes after it; 0 unless the last line is torn. */
  readonly tornBytes: number;
  /** Version of the last records. */
  readonly version: number;
}

const PIECE_BYTES = 16 * 2 ** 20;
const NEWLINE = 0x0a;

/**
 * Reads the journal at `path`, a record for each line.
 * @throws HayasaError `journal/damaged`, `journal/newer-version`, `file/missing`
 */
export function readJournal(
  files: Pick<Files, 'size' | 'readRange' | 'readText'>,
  path: string,
): ReadJournal {
  const { records, ...lengths } = readPackedJournal(files, path);
  return { records: lineByLine(records), ...lengths };
}

/** The same with repeats packed. @throws HayasaError as `readJournal` */
export function readPackedJournal(
  files: Pick<Files, 'size' | 'readRange' | 'readText'>,
  path: string,
): ReadJournal<ReadRecord> {
  const sizeBytes = files.size(path);
  // A missing file: the error of reading it says so best.
  if (sizeBytes === undefined) return parseJournal([Buffer.from(files.readText(path), 'utf8')], path);
  return readJournalPart(files, path, 0, sizeBytes);
}

/**
 * The lines in bytes [begin, end) of a journal, which are whole; records are taken for ones of this version until one says
 * otherwise. Line numbers in errors count from there.
 * @throws HayasaError as `readJournal`
 */
export const readJournalPart = (
  files: Pick<Files, 'readRange'>,
  path: string,
  begin: number,
  end: number,
): ReadJournal<ReadRecord> => parseJournal(pieces(files, path, begin, end), path);

/** Where the first line that begins behind byte `from` of a file of `end` bytes does; `end` where none does. */
export function lineAfter(files: Pick<Files, 'readRange'>, path: string, from: number, end: number): number {
  let at = from;
  for (const piece of pieces(files, path, from, end)) {
    const newline = piece.indexOf(NEWLINE);
    if (newline !== -1) return at + newline + 1;
    at += piece.byteLength;
  }
  return end;
}

/** Parses a journal given as consecutive pieces of bytes; `name` is used in errors. @throws HayasaError as `readJournal` */
export function parseJournal(bytes: Iterable<Uint8Array>, name: string): ReadJournal<ReadRecord> {
  const records: ReadRecord[] = [];
  const packer = repeatPacker();
  const readRepeat = repeatLineReader(packer);
  const keep = (head: RepeatHead): void => {
    const before = packer.keep(head);
    if (before !== undefined) records.push(before);
  };
  const closeGroup = (): void => {
    const group = packer.close();
    if (group !== undefined) records.push(group);
  };
  let version: number = JOURNAL_VERSION;
  let lineNumber = 0;
  let intactBytes = 0;
  let totalBytes = 0;
  let tornLine: { readonly lineNumber: number; readonly reason: Words } | undefined;
  for (const { chunk, begin, end, complete } of lines(bytes)) {
    const lineBytes = end - begin + (complete ? 1 : 0);
    lineNumber += 1;
    totalBytes += lineBytes;
    if (tornLine !== undefined) throw damaged(name, tornLine.lineNumber, tornLine.reason);
    const repeat = complete && version === JOURNAL_VERSION ? readRepeat(chunk, begin, end) : undefined;
    if (repeat !== undefined) {
      keep(repeat);
      intactBytes += lineBytes;
      continue;
    }
    const line = complete ? parseLine(chunk.toString('utf8', begin, end)) : END_MISSING;
    if (line.kind === 'torn') {
      tornLine = { lineNumber, reason: line.reason };
      continue;
    }
    const raw = line.record;
    if (raw['kind'] === 'run-started' && typeof raw['journal'] === 'number') version = raw['journal'];
    const parsed = recordSchema.safeParse(migrateRecord(raw, version));
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      throw damaged(name, lineNumber, {
        en: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not a record'}`,
        ja: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'レコードではありません'}`,
      });
    }
    if (parsed.data.kind === 'repeat') keep(addRecord(packer, parsed.data));
    else {
      closeGroup();
      records.push(parsed.data);
    }
    intactBytes += lineBytes;
  }
  closeGroup();
  return { records, intactBytes, tornBytes: totalBytes - intactBytes, version };
}

type ParsedLine =
  | { readonly kind: 'record'; readonly record: RawRecord }
  | { readonly kind: 'torn'; readonly reason: Words };

const torn = (reason: Words): ParsedLine => ({ kind: 'torn', reason });
const END_MISSING = torn({ en: 'its end is missing', ja: '行の終わりがありません' });

/** The object on the line, or why there is none. */
function parseLine(line: string): ParsedLine {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? { kind: 'record', record: value as RawRecord }
      : torn({ en: 'not an object', ja: 'オブジェクトではありません' });
  } catch (error) {
    return torn(same(messageOf(error)));
  }
}

function damaged(name: string, lineNumber: number, reason: Words): HayasaError {
  return new HayasaError({
    code: 'journal/damaged',
    message: {
      en: `${name}, line ${lineNumber}: ${reason.en}`,
      ja: `${name}, ${lineNumber} 行目: ${reason.ja}`,
    },
    hint: {
      en: `the journal is append-only and was changed; cut it before line ${lineNumber} to keep what precedes`,
      ja: `追記専用のジャーナルが書き換えられています。${lineNumber} 行目より前で切ると、それまでの記録は使えます`,
    },
    exitCode: EXIT.badInput,
  });
}

/** Each piece is gone when the next is asked for: memory of its own for every one would have V8 mark the records over and over. */
function* pieces(
  files: Pick<Files, 'readRange'>,
  path: string,
  begin: number,
  end: number,
): Generator<Uint8Array> {
  const buffer = new Uint8Array(Math.min(PIECE_BYTES, end - begin));
  for (let offset = begin; offset < end; offset += PIECE_BYTES) {
    yield files.readRange(path, offset, Math.min(PIECE_BYTES, end - offset), buffer);
  }
}

interface Line {
  readonly chunk: Buffer;
  /** [begin, end) of the line in `chunk`, without its newline. */
  readonly begin: number;
  readonly end: number;
  /** False for a last line without a newline. */
  readonly complete: boolean;
}

/** Lines as places in what was read; one is gone when the next is asked for. */
function* lines(source: Iterable<Uint8Array>): Generator<Line> {
  /** The beginning of a line that ends in a later piece. */
  let rest: Buffer = Buffer.alloc(0);
  for (const piece of source) {
    const chunk = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    let begin = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, begin)) {
      if (rest.byteLength === 0) yield { chunk, begin, end, complete: true };
      else {
        const whole = Buffer.concat([rest, chunk.subarray(0, end)]);
        rest = Buffer.alloc(0);
        yield { chunk: whole, begin: 0, end: whole.byteLength, complete: true };
      }
      begin = end + 1;
    }
    rest = Buffer.concat([rest, chunk.subarray(begin)]);
  }
  if (rest.byteLength > 0) yield { chunk: rest, begin: 0, end: rest.byteLength, complete: false };
}

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { testHost } from '../host/test-host.ts';
import { HayasaError } from '../kernel/errors.ts';
import type { Sample } from '../protocol/sample.ts';
import { formatRecord, openJournal } from './append.ts';
import { migrateRecord } from './migration.ts';
import { lineByLine } from './packed-repeats.ts';
import { parseJournal, readJournal } from './read.ts';
import type { JournalRecord } from './records.ts';
import { toJournalSample } from './sample.ts';

const sample: Sample = {
  call: { start_ns: 1, end_ns: 90 },
  steps_ns: [10, 20],
  sequences: [
    {
      inputTokens: 3,
      intended_ns: 1,
      queued_ns: 1,
      sent_ns: 2,
      events: [{ firstStep: 0, steps: 2, tokensPerStep: 1 }],
      end_ns: 20,
      finish: 'length',
      tokens: [7, 8],
      computedPadding: 0,
    },
  ],
};

const journalled = toJournalSample(sample);

const records: readonly JournalRecord[] = [
  { kind: 'run-started', journal: 2, runId: 'r', hayasa: '0.1.0', wallTime: '2026-11-24T00:00:00.000Z' },
  { kind: 'tokens', tokensDigest: journalled.tokensDigest, tokens: journalled.tokens },
  { kind: 'repeat', launch: 'a', phase: 'explore', cellKey: 'c', repeat: 0, sample: journalled.sample },
  {
    kind: 'failure',
    launch: 'a',
    failure: { cause: 'crash', message: '死んだ (信号 9)', stderrTail: 'a\nb' },
  },
  { kind: 'run-ended', outcome: 'complete', wallTime: '2026-11-24T00:01:00.000Z', elapsed_ns: 60 },
];
const text = records.map(formatRecord).join('');
const bytes = Buffer.from(text, 'utf8');

const thrown = (action: () => unknown): { code: string; message: string } => {
  try {
    action();
  } catch (error) {
    return error as { code: string; message: string };
  }
  throw new Error('nothing was thrown');
};

describe('toJournalSample', () => {
  it('moves token ids out and keeps their number', () => {
    expect(journalled.sample.sequences[0]?.newTokens).toBe(2);
    expect(journalled.tokens).toEqual([[7, 8]]);
    expect(journalled.sample.sequences[0]).not.toHaveProperty('tokens');
    expect(toJournalSample(sample).tokensDigest).toBe(journalled.sample.tokensDigest);
  });

  it('gives other ids another digest', () => {
    const other = { ...sample, sequences: sample.sequences.map((one) => ({ ...one, tokens: [7, 9] })) };
    expect(toJournalSample(other).tokensDigest).not.toBe(journalled.tokensDigest);
  });
});

/** As `readJournal` gives it. */
const parsed = (pieces: readonly Uint8Array[]) => {
  const read = parseJournal(pieces, 'journal');
  return { ...read, records: lineByLine(read.records) };
};

describe('parseJournal', () => {
  it('reads back what was written, whatever the pieces', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: bytes.length }), (pieceBytes) => {
        const pieces = Array.from({ length: Math.ceil(bytes.length / pieceBytes) }, (_, i) =>
          bytes.subarray(i * pieceBytes, (i + 1) * pieceBytes),
        );
        expect(parsed(pieces).records).toEqual(records);
      }),
    );
  });

  it('reads a prefix of the records when cut at any byte', () => {
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      const read = parsed([bytes.subarray(0, cut)]);
      expect(read.records).toEqual(records.slice(0, read.records.length));
      expect(read.intactBytes + read.tornBytes).toBe(cut);
      expect(read.intactBytes).toBe(bytes.subarray(0, cut).lastIndexOf('\n') + 1);
    }
  });

  it('takes a last line of zeros, as a crash of the machine leaves it, for torn', () => {
    const read = parsed([bytes, Buffer.alloc(20), Buffer.from('\n')]);
    expect([read.records.length, read.tornBytes]).toEqual([5, 21]);
  });

  it('names the line of damage in the middle', () => {
    const lines = text.split('\n');
    lines[2] = lines[2]!.slice(0, 30);
    expect(thrown(() => parseJournal([Buffer.from(lines.join('\n'))], 'j'))).toMatchObject({
      code: 'journal/damaged',
      message: expect.stringContaining('j, line 3'),
    });
  });

  it('reads reasons in every language, and those of before, which were English alone', () => {
    const dropped = (reason: unknown): string =>
      `${JSON.stringify({ kind: 'cell-dropped', cellKey: 'c', reason })}\n`;
    const words = { en: 'no time', ja: '時間がありません' };
    const read = parseJournal([Buffer.from(`${text}${dropped('no time')}${dropped(words)}`)], 'j');
    expect(read.records.slice(-2)).toEqual([
      { kind: 'cell-dropped', cellKey: 'c', reason: { en: 'no time', ja: 'no time' } },
      { kind: 'cell-dropped', cellKey: 'c', reason: words },
    ]);
    expect(thrown(() => parseJournal([Buffer.from(`${text}${dropped({ en: 'a' })}`)], 'j')).code).toBe(
      'journal/damaged',
    );
  });

  it('refuses a record with an unknown key, even on the last line', () => {
    const wrong = `${text}{"kind":"cell-dropped","cellKey":"c","reason":"r","colour":"red"}\n`;
    expect(thrown(() => parseJournal([Buffer.from(wrong)], 'j')).message).toContain('line 6');
  });

  it('refuses a journal of a later version', () => {
    const later = text.replace('"journal":2', '"journal":3');
    expect(thrown(() => parseJournal([Buffer.from(later)], 'j')).code).toBe('journal/newer-version');
  });
});

describe('a journal of version 1', () => {
  it('is read, its repeats without noise', () => {
    const earlier = text.replace('"journal":2', '"journal":1');
    expect(parsed([Buffer.from(earlier)]).records).toEqual(records);
  });

  it('may go on in version 2', () => {
    const both = `${text.replace('"journal":2', '"journal":1')}${text}`;
    expect(parsed([Buffer.from(both)]).records).toEqual([...records, ...records]);
  });
});

describe('migrateRecord', () => {
  it('applies the steps between two versions in order', () => {
    const steps = {
      1: (record: object) => ({ ...record, b: 1 }),
      2: (record: { b?: unknown }) => ({ ...record, c: record.b }),
    };
    expect(migrateRecord({ a: 0 }, 1, steps, 3)).toEqual({ a: 0, b: 1, c: 1 });
    expect(migrateRecord({ a: 0 }, 3, steps, 3)).toEqual({ a: 0 });
    expect(thrown(() => migrateRecord({}, 0, steps, 3)).code).toBe('journal/unknown-version');
  });
});

describe('openJournal', () => {
  it('goes on after any cut, and ends with every record once', () => {
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      const { files } = testHost({ files: { '/r/journal.ndjson': bytes.subarray(0, cut) } });
      const journal = openJournal(files, '/r/journal.ndjson');
      for (const record of records.slice(journal.before.length)) journal.append(record);
      journal.sync();
      journal.close();
      expect(files.readText('/r/journal.ndjson')).toBe(text);
    }
  });

  it('writes token ids once per digest, over reopening too', () => {
    const { files } = testHost();
    for (let i = 0; i < 2; i += 1) {
      const journal = openJournal(files, '/r/journal.ndjson');
      for (const record of [records[1]!, records[1]!]) journal.append(record);
      journal.close();
    }
    expect(readJournal(files, '/r/journal.ndjson').records).toEqual([records[1]]);
  });

  it('is written by one process at a time: two runs in one folder took the same places', () => {
    const { files } = testHost({ files: { '/r/journal.ndjson.lock': String(process.ppid) } });
    expect(() => openJournal(files, '/r/journal.ndjson')).toThrow(
      expect.objectContaining({
        code: 'run/busy',
        exitCode: 2,
        message: `/r/journal.ndjson: process ${process.ppid} is measuring into it`,
      }),
    );
    files.remove('/r/journal.ndjson.lock');
    openJournal(files, '/r/journal.ndjson').close();
    expect(files.list('/r')).toEqual(['journal.ndjson']);
  });

  it('is let go where it is damaged', () => {
    const { files } = testHost({ files: { '/r/journal.ndjson': '{}\n{}\n' } });
    expect(() => openJournal(files, '/r/journal.ndjson')).toThrow(HayasaError);
    expect(files.list('/r')).toEqual(['journal.ndjson']);
  });

  it('says which file is missing when only reading', () => {
    expect(thrown(() => readJournal(testHost().files, '/r/none')).code).toBe('file/missing');
  });

  it('reports a full disk and keeps what was there', () => {
    const host = testHost();
    const journal = openJournal(host.files, '/r/journal.ndjson');
    journal.append(records[0]!);
    host.files.limitBytes(host.files.size('/r/journal.ndjson')! + 10);
    expect(thrown(() => journal.append(records[3]!)).code).toBe('file/disk-full');
    expect(readJournal(host.files, '/r/journal.ndjson').records).toEqual([records[0]]);
  });
});

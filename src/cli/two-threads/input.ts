/**
 * The input of a report of a large journal, made on two threads: each reads one half of the lines, and then computes the
 * metrics of every other cell. The report is the same as from this thread alone.
 */

import { type HelperThread, helperThread } from '../../host/helper-thread.ts';
import type { Files } from '../../host/host.ts';
import type { ReadRecord } from '../../journal/packed-repeats.ts';
import { lineAfter, readPackedJournal } from '../../journal/read.ts';
import { JOURNAL_VERSION } from '../../journal/records.ts';
import { journalState } from '../../journal/state.ts';
import { type CellSummary, summarise } from '../../metrics/summarise.ts';
import type { ReportInput } from '../../report/input.ts';
import { summaryRequest } from '../../report/summaries.ts';
import { wholeSummary } from './flat-summaries.ts';
import type { Answer, Question } from './questions.ts';

type Helper = HelperThread<Question, Answer>;
type JournalFiles = Pick<Files, 'size' | 'readRange' | 'readText'>;

/**
 * @param inputOf the input of a report from its records, everything that changes summaries included
 * @throws HayasaError as `readPackedJournal`
 */
export async function inputOnTwoThreads(
  files: JournalFiles,
  journal: string,
  inputOf: (records: readonly ReadRecord[]) => ReportInput,
): Promise<ReportInput> {
  const start = (): Helper => helperThread(new URL('./thread.js', import.meta.url));
  const helpers = [start(), start()];
  try {
    const input = inputOf(await readRecords(files, journal, helpers));
    return { ...input, summaries: await summaries(input, helpers) };
  } finally {
    await Promise.all(helpers.map((helper) => helper.end()));
  }
}

async function readRecords(
  files: JournalFiles,
  path: string,
  helpers: readonly Helper[],
): Promise<readonly ReadRecord[]> {
  const size = files.size(path) ?? 0;
  const begins = helpers.map((_, index) =>
    index === 0 ? 0 : lineAfter(files, path, Math.floor((size * index) / helpers.length), size),
  );
  const parts = await Promise.all(
    helpers.map((helper, index) =>
      answered(helper, { kind: 'read', path, begin: begins[index] ?? 0, end: begins[index + 1] ?? size }),
    ),
  );
  const records: ReadRecord[] = [];
  for (const [index, part] of parts.entries()) {
    const isLast = index === parts.length - 1;
    // Damage is named with its line, and an older version migrated, where all of it is read from the beginning.
    if (part?.kind !== 'records' || (!isLast && !(part.tornBytes === 0 && part.version === JOURNAL_VERSION)))
      return readPackedJournal(files, path).records;
    records.push(...part.records);
  }
  return records;
}

/** Undefined where the thread failed: what it was asked is then done here. */
const answered = (helper: Helper, question: Question): Promise<Answer | undefined> =>
  helper.ask(question).catch(() => undefined);

async function summaries(
  input: ReportInput,
  helpers: readonly Helper[],
): Promise<ReadonlyMap<string, CellSummary>> {
  const { records } = input;
  const state = journalState(records);
  const { cells, metrics, looks } = summaryRequest(input, state);
  const shares = helpers.map((_, index) => cells.filter((__, at) => at % helpers.length === index));
  const found = new Map<string, CellSummary>();
  await Promise.all(
    helpers.map(async (helper, index) => {
      const share = shares[index] ?? [];
      const keys = new Set(share.map(({ cellKey }) => cellKey));
      const answer = await answered(helper, {
        kind: 'summarise',
        cells: share,
        records: records.filter((record) => record.kind !== 'repeats' || keys.has(record.cellKey)),
        looks,
        dialect: input.dialect?.id,
      });
      const own =
        answer?.kind === 'summaries'
          ? answer.summaries.map(wholeSummary)
          : summarise(share, state, metrics, looks).values();
      for (const summary of own) found.set(summary.cellKey, summary);
    }),
  );
  return found;
}

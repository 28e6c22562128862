/** On which lines of the journal a cell's facts stand: one record is one line, the first is line 1. */
import type { JournalRecord } from '../journal/records.ts';
import type { LaunchLines } from './model.ts';

type Kind = JournalRecord['kind'];

/** Lines of the records that `wanted` accepts. */
export function linesOf(
  records: readonly JournalRecord[],
  wanted: (record: JournalRecord) => boolean,
): number[] {
  return records.flatMap((record, index) => (wanted(record) ? [index + 1] : []));
}

/** Lines of `launch` as far as they concern `cellKey`. */
export function launchLines(records: readonly JournalRecord[], launch: string, cellKey: string): LaunchLines {
  const of = (...kinds: readonly Kind[]): number[] =>
    linesOf(
      records,
      (record) =>
        kinds.includes(record.kind) &&
        'launch' in record &&
        record.launch === launch &&
        (!('cellKey' in record) || record.cellKey === undefined || record.cellKey === cellKey),
    );
  return {
    launch: of('launch-started', 'launch-ready', 'launch-loaded', 'launch-ended'),
    warmUp: of('warmed-up'),
    repeats: of('repeat'),
    measured: of('cell-measured'),
    failures: of('failure'),
  };
}

/** `3, 7-9`. */
export function linesText(lines: readonly number[]): string {
  const ranges: { from: number; to: number }[] = [];
  for (const line of [...lines].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last !== undefined && last.to + 1 === line) last.to = line;
    else ranges.push({ from: line, to: line });
  }
  return ranges.map(({ from, to }) => (from === to ? String(from) : `${from}-${to}`)).join(', ');
}

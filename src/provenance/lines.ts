/** On which lines of the journal a cell's facts stand: one record is one line, packed repeats one each; the first is line 1. */
import type { ReadRecord } from '../journal/packed-repeats.ts';
import type { LaunchLines } from './model.ts';

type Kind = ReadRecord['kind'];

/** Lines of the records that `wanted` accepts. */
export function linesOf(records: readonly ReadRecord[], wanted: (record: ReadRecord) => boolean): number[] {
  const lines: number[] = [];
  let line = 0;
  for (const record of records) {
    const own = record.kind === 'repeats' ? record.begins.length : 1;
    if (wanted(record)) for (let next = line + 1; next <= line + own; next += 1) lines.push(next);
    line += own;
  }
  return lines;
}

/** Lines of `launch` as far as they concern `cellKey`. */
export function launchLines(records: readonly ReadRecord[], launch: string, cellKey: string): LaunchLines {
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
    repeats: of('repeat', 'repeats'),
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

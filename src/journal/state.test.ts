import { describe, expect, it } from 'vitest';
import { testHost } from '../host/test-host.ts';
import { same } from '../kernel/language.ts';
import { type RepeatMark, repeatCount, unpacked } from './packed-repeats.ts';
import { attempts, countedLaunches, countedRepeats, finishedCells, setAside } from './progress.ts';
import type { JournalSample } from './record-parts.ts';
import type { JournalRecord } from './records.ts';
import { readRunInputs, runFolder, writeRunInputs } from './run-folder.ts';
import { journalState, type Place } from './state.ts';

const sampleAt = (start_ns: number): JournalSample => ({
  call: { start_ns, end_ns: start_ns + 1 },
  steps_ns: [],
  sequences: [],
  tokensDigest: 'd',
});
const place: Place = { phase: 'explore', round: 0, block: 0, position: 0 };
const started = (launch: string, at: Place = place): JournalRecord => ({
  kind: 'launch-started',
  launch,
  ...at,
  cellKeys: ['c', 'd'],
  requested_ns: '5',
  wallTime: '',
});
const repeat = (launch: string, cellKey: string, index: number, start_ns: number): JournalRecord => ({
  kind: 'repeat',
  launch,
  phase: 'explore',
  cellKey,
  repeat: index,
  sample: sampleAt(start_ns),
});
const measured = (launch: string, cellKey: string): JournalRecord => ({
  kind: 'cell-measured',
  launch,
  cellKey,
  noise: { window_ns: 1 },
  memoryMissing: same('no /proc here'),
});
const counted = (records: readonly JournalRecord[]) =>
  Object.fromEntries(
    [...countedLaunches(journalState(records))].map(([key, cells]) => [
      key,
      cells.map(({ launch, cell }) => [
        launch.launch,
        Array.from(unpacked(cell.repeats), ({ sample }) => sample.call.start_ns),
      ]),
    ]),
  );

describe('journalState', () => {
  it('gathers a launch with its cells', () => {
    const state = journalState([
      started('a'),
      repeat('a', 'c', 0, 10),
      repeat('a', 'c', 1, 20),
      measured('a', 'c'),
      { kind: 'failure', launch: 'a', cellKey: 'd', failure: { cause: 'out-of-memory', message: 'm' } },
      { kind: 'launch-ended', launch: 'a', outcome: 'failed', environment: {} },
    ]);
    const [launch] = state.launches;
    expect(launch?.outcome).toBe('failed');
    expect(repeatCount(launch?.cells.get('c')?.repeats ?? [])).toBe(2);
    expect(launch?.cells.get('d')?.failures).toEqual([{ cause: 'out-of-memory', message: 'm' }]);
    expect(finishedCells(state, place)).toEqual(new Set(['c', 'd']));
  });

  it('counts a repeat that stands twice once', () => {
    expect(counted([started('a'), repeat('a', 'c', 0, 10), repeat('a', 'c', 0, 10)])).toEqual({
      c: [['a', [10]]],
    });
  });

  it('keeps the records of a launch that was started again under its name apart', () => {
    const state = journalState([started('a'), repeat('a', 'c', 0, 1), started('a'), repeat('a', 'c', 0, 2)]);
    expect(state.launches.map((launch) => repeatCount(launch.cells.get('c')?.repeats ?? []))).toEqual([1, 1]);
    expect(attempts(state, place)).toBe(2);
  });

  it('forgets an end once the run went on', () => {
    const begin: JournalRecord = { kind: 'run-started', journal: 2, runId: 'r', hayasa: '', wallTime: '' };
    const end: JournalRecord = { kind: 'run-ended', outcome: 'budget', wallTime: '', elapsed_ns: 1 };
    expect(journalState([begin, end]).ended?.outcome).toBe('budget');
    expect(journalState([begin, end, begin]).ended).toBeUndefined();
  });
});

describe('countedLaunches', () => {
  it('replaces a launch that was cut short by the one that filled its place', () => {
    const records = [started('a'), repeat('a', 'c', 0, 10), started('a~2'), repeat('a~2', 'c', 0, 30)];
    expect(counted([...records, measured('a~2', 'c')])).toEqual({ c: [['a~2', [30]]] });
  });

  it('regression: a cell was measured again once another engine of its block could run', () => {
    const moved = { ...place, position: place.position + 1 };
    const records = [started('a'), repeat('a', 'c', 0, 10), measured('a', 'c'), started('b', moved)];
    expect(finishedCells(journalState(records), moved)).toEqual(new Set(['c']));
    expect(counted([...records, repeat('b', 'c', 0, 20), measured('b', 'c')])).toEqual({ c: [['a', [10]]] });
    expect(attempts(journalState(records), moved)).toBe(1);
  });

  it('counts a launch that was cut short while nothing replaced it', () => {
    expect(counted([started('a'), repeat('a', 'c', 0, 10)])).toEqual({ c: [['a', [10]]] });
  });

  it('never counts a place twice, and counts every place', () => {
    const other = { ...place, round: 1 };
    expect(
      counted([
        started('a'),
        repeat('a', 'c', 0, 1),
        measured('a', 'c'),
        started('b'),
        repeat('b', 'c', 0, 2),
        measured('b', 'c'),
        started('e', other),
        repeat('e', 'c', 0, 3),
      ]),
    ).toEqual({
      c: [
        ['a', [1]],
        ['e', [3]],
      ],
    });
  });
});

describe('run folder', () => {
  it('holds the study as written and as resolved, and the environment', () => {
    const { files } = testHost();
    const paths = runFolder('/runs/x');
    writeRunInputs(files, paths, { studyText: 'name: x\n', resolvedStudy: { b: 1, a: 2 }, environment: {} });
    expect(files.readText('/runs/x/study.json')).toBe('{"a":2,"b":1}\n');
    expect(readRunInputs(files, paths)).toEqual({
      studyText: 'name: x\n',
      resolvedStudy: { a: 2, b: 1 },
      environment: {},
    });
    files.writeText(paths.environment, '{');
    expect(() => readRunInputs(files, paths)).toThrow(/environment\.json/);
  });
});

describe('repeats that were measured again', () => {
  const mark = (disturbed: boolean, remeasures?: number): RepeatMark => ({
    noise: undefined,
    disturbedBy: disturbed ? ['foreign-cpu'] : [],
    remeasures,
  });

  it('are set aside once one of them came out undisturbed', () => {
    expect(setAside([mark(true), mark(false, 0), mark(false)])).toEqual([true, false, false]);
    expect(setAside([mark(false), mark(true), mark(true, 1), mark(false, 1)])).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  it('count where none came out undisturbed, and where there was no second try', () => {
    expect(setAside([mark(true), mark(true, 0), mark(true, 0)])).toEqual([false, false, false]);
    expect(setAside([mark(false), mark(true)])).toEqual([false, false]);
  });

  it('are told apart by what the journal says', () => {
    const again = { ...repeat('a', 'c', 1, 20), remeasures: 0 } as JournalRecord;
    const first = { ...repeat('a', 'c', 0, 10), disturbedBy: ['steal'] } as JournalRecord;
    const cell = journalState([started('a'), first, again]).launches[0]!.cells.get('c')!;
    expect(Array.from(countedRepeats(cell), ({ sample }) => sample.call.start_ns)).toEqual([20]);
    expect(repeatCount(cell.repeats)).toBe(2);
  });
});

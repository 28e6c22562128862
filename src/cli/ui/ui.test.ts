import { describe, expect, it } from 'vitest';
import { HayasaError, ProblemsError } from '../../kernel/errors.ts';
import { same, sayEnglish } from '../../kernel/language.ts';
import type { RunEvent } from '../../run/events.ts';
import { errorReport, errorText } from './error-text.ts';
import { formatBandwidth, formatBytes, formatRate, formatShare, significant } from './numbers.ts';
import {
  advanceProgress,
  type ProgressState,
  progressFraction,
  remaining_ms,
  startProgress,
} from './progress-state.ts';
import { eventLine, liveLines } from './progress-text.ts';
import { definitionList, table } from './table.ts';
import { testTerminal } from './test-terminal.ts';

describe('numbers', () => {
  it('are written as people read them', () => {
    expect([formatBytes(1.5 * 2 ** 30), formatBandwidth(41.23e9)]).toEqual(['1.5 GiB', '41.2 GB/s']);
    expect([formatRate(182.4e9, 'float32'), formatRate(1.234e12, 'int8')]).toEqual([
      '182 GFLOP/s',
      '1.23 TOP/s',
    ]);
    expect([0, 0.01234, 12.345, 1234.5].map(significant)).toEqual(['0', '0.0123', '12.3', '1,235']);
    expect(formatShare(0.0421)).toBe('4.2 %');
  });
});

describe('table', () => {
  it('aligns columns and leaves no blanks at the end of lines', () => {
    const text = table(
      [{ title: 'engine' }, { title: 'tokens/s', align: 'right' }],
      [
        ['onnxruntime', '1'],
        ['b', '1234'],
      ],
    );
    expect(text).toBe('engine       tokens/s\nonnxruntime         1\nb                1234');
    const rows = [
      ['エンジン', 'two\nlines'],
      ['b', ''],
    ];
    expect(table([{ title: 'x' }, { title: 'y', align: 'right' }], rows)).toBe(
      'x             y\nエンジン    two\n          lines\nb',
    );
    expect(
      definitionList([
        ['a', '1'],
        ['long', '2'],
      ]),
    ).toBe('  a     1\n  long  2');
  });
});

describe('errors', () => {
  const { colors } = testTerminal();

  it('show every problem with place, value, allowed values and suggestion', () => {
    const error = new ProblemsError('study.yaml', [
      {
        path: 'axes.batch',
        message: same('is not allowed'),
        value: 'x',
        allowed: same('1 or more'),
        didYouMean: '2',
        line: 3,
        column: 5,
      },
      { path: 'rope', message: same('is not allowed'), value: '{"factor":2}' },
      { path: '', message: same('is empty') },
    ]);
    expect(errorText(errorReport(error, 'en'), colors, sayEnglish)).toBe(
      'error: study.yaml: 3 problems [input/problems]\n' +
        '  line 3:5  axes.batch: is not allowed: "x" (allowed: 1 or more); did you mean 2?\n' +
        '  rope: is not allowed: {"factor":2}\n' +
        '  is empty',
    );
  });

  it('show the way out, and call the rest a defect', () => {
    const known = new HayasaError({ code: 'a/b', message: same('no'), hint: same('do this'), exitCode: 3 });
    expect(errorText(errorReport(known, 'en'), colors, sayEnglish)).toBe('error: no [a/b]\nhint: do this');
    expect(errorReport(new TypeError('x'), 'en')).toMatchObject({
      code: 'internal/defect',
      message: 'x',
      exitCode: 1,
    });
  });
});

const fold = (events: readonly (readonly [number, RunEvent])[]): ProgressState =>
  events.reduce((state, [now, event]) => advanceProgress(state, event, now), startProgress(0));

const planned: RunEvent = {
  kind: 'run-planned',
  cells: 6,
  launches: 4,
  estimated_ms: 100_000,
  budget_ms: 90_000,
};
const started: RunEvent = {
  kind: 'launch-started',
  engine: 'sim',
  precision: 'fp32',
  round: 1,
  index: 1,
  of: 4,
};

describe('progress', () => {
  it('trusts the plan first, then the launches so far, and the budget always', () => {
    expect(remaining_ms(startProgress(0), 5)).toBeUndefined();
    const before = fold([
      [0, planned],
      [5_000, started],
    ]);
    expect(remaining_ms(before, 20_000)).toBe(70_000);
    expect(progressFraction(before, 30_000)).toBe(30 / 90);
    const after = advanceProgress(before, { kind: 'launch-ended', outcome: 'complete' }, 20_000);
    // 15 s for the first of four launches.
    expect(remaining_ms(after, 20_000)).toBe(45_000);
    expect(remaining_ms(after, 80_000)).toBe(10_000);
    const cut = advanceProgress(after, { kind: 'budget', remaining_ms: 5_000, launches: 1 }, 20_000);
    expect([remaining_ms(cut, 20_000), cut.launches]).toEqual([5_000, 2]);
  });

  it('does not pretend to know how long confirmation takes', () => {
    const { budget_ms: _none, ...unlimited } = planned;
    const confirming = (event: RunEvent) =>
      fold([
        [0, event],
        [0, started],
        [9_000, { kind: 'phase-changed', phase: 'confirm', reason: same('the winners') }],
      ]);
    expect(remaining_ms(confirming(planned), 10_000)).toBe(80_000);
    expect(remaining_ms(confirming(unlimited), 10_000)).toBeUndefined();
    expect(progressFraction(confirming(unlimited), 10_000)).toBe(0);
  });

  it('gives confirmation what the rounds left of the budget (it read 0 s left)', () => {
    const state = fold([
      [0, planned],
      [0, started],
      [10_000, { kind: 'budget', remaining_ms: 5_000 }],
      [20_000, { kind: 'phase-changed', phase: 'confirm', reason: same('the winners') }],
    ]);
    expect(remaining_ms(state, 30_000)).toBe(60_000);
  });

  it('writes lines that stay', () => {
    const state = fold([
      [0, planned],
      [1000, started],
    ]);
    expect(eventLine(planned, state, 0, sayEnglish)).toBe(
      '6 cells, 4 launches; about 1 min 40 s, budget 1 min 30 s',
    );
    expect(eventLine(started, state, 1000, sayEnglish)).toBe(
      'round 1 [1/4]: sim fp32, about 1 min 29 s left',
    );
    expect(eventLine({ kind: 'repeat', cellKey: 'k', throughput: 5 }, state, 0, sayEnglish)).toBeUndefined();
  });

  it('draws where the run is, with the last figure', () => {
    const state = fold([
      [0, planned],
      [0, started],
      [0, { kind: 'repeat', cellKey: 'k', label: same('batch 4'), throughput: 123.45 }],
      [0, { kind: 'failure', engine: 'sim', precision: 'fp32', cause: 'timeout', message: same('late') }],
    ]);
    expect(liveLines(state, 45_000, 200, sayEnglish)).toEqual([
      '████████████░░░░░░░░░░░░ round 1, launch 1/4, about 45 s left, 1 failure',
      'sim fp32  batch 4: 123.5 tokens/s',
    ]);
    expect(liveLines(state, 0, 30, sayEnglish)[0]).toHaveLength(29);
    expect(liveLines(startProgress(0), 0, 80, sayEnglish)).toEqual(['░░░░░░░░░░░░░░░░░░░░░░░░ preparing']);
  });
});

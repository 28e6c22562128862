import { describe, expect, it } from 'vitest';
import { BASE_CELL, syntheticJournal } from '../../test/fixtures/synthetic-journal.ts';
import { cellKey } from '../axes/cell.ts';
import { journalState } from '../journal/state.ts';
import { present, presentValue } from '../kernel/maybe.ts';
import { precisionKind } from '../models/precision.ts';
import { presetOf } from '../models/presets.ts';
import { sequentialDesign } from '../stats/sequential.ts';
import { METRICS } from './registry.ts';
import { ratioOf, summarise } from './summarise.ts';

const alpha = BASE_CELL;
const beta = { ...BASE_CELL, engine: 'beta' };
const records = syntheticJournal({
  cells: [
    { cell: alpha, prefill_ns: 100_000, step_ns: 900_000 },
    { cell: beta, prefill_ns: 200_000, step_ns: 1_800_000 },
  ],
  rounds: 5,
  repeats: 3,
  // A slow hour: both sides get slower together, and the ratio stays.
  factor: (round) => [1, 1.5, 2.5, 2, 3][round] ?? 1,
  confirm: { cells: [0], blocks: 2 },
});
const cells = [alpha, beta].map((cell) => ({
  cell,
  cellKey: cellKey(cell),
  shape: present(presetOf('open-calm-small').shape),
  precision: precisionKind('fp32').precision,
}));
const summaries = summarise(cells, journalState(records), METRICS);
const of = (cell: typeof alpha) => summaries.get(cellKey(cell))!;

describe('summarise', () => {
  it('gives means over launches with the number of launches and repeats', () => {
    // TTFT of the rounds: 64 * 0.1 ms * (1, 1.5, 2.5, 2, 3), mean 12.8 ms.
    const ttft = presentValue(of(alpha).explore.estimates.get('ttft')!)!;
    expect(ttft.mean).toBeCloseTo(0.0128, 12);
    expect([ttft.launches, ttft.repeats, ttft.interval.kind]).toEqual([5, 15, 'value']);
    // About the line of slope 0.45 the squares sum to 0.475: half width 3.182446 * 6.4 ms * sqrt(0.475 / 3 / 5).
    const half = 3.182446 * 0.0064 * Math.sqrt(0.475 / 15);
    expect(presentValue(ttft.interval)!.high).toBeCloseTo(0.0128 + half, 8);
  });

  it('gives no interval below 0: over two launches t reaches further than any duration', () => {
    const two = syntheticJournal({
      cells: [{ cell: alpha, prefill_ns: 100_000, step_ns: 900_000 }],
      rounds: 2,
      repeats: 3,
      factor: (round) => 1 + round,
      confirm: { cells: [], blocks: 0 },
    });
    for (const looks of [undefined, sequentialDesign(2, 3)]) {
      const { estimates } = summarise(cells, journalState(two), METRICS, looks).get(
        cells[0]!.cellKey,
      )!.explore;
      const known = [...estimates.values()].flatMap((one) => presentValue(one) ?? []);
      expect(known.length).toBeGreaterThan(10);
      const lows = known.flatMap(({ interval }) => presentValue(interval)?.low ?? []);
      expect(Math.min(...lows)).toBe(0);
      const ttft = presentValue(estimates.get('ttft')!)!;
      expect(ttft.rule.en).toMatch(/^t over 2 launch means.*, cut off at 0$/);
      // 6.4 and 12.8 ms: the upper limit stays where t puts it.
      expect(presentValue(ttft.interval)!.high).toBeGreaterThan(0.05);
    }
  });

  it('makes intervals at the level of the look where cells may stop early, but not of fresh blocks', () => {
    const looks = sequentialDesign(3, 6);
    const looked = summarise(cells, journalState(records), METRICS, looks);
    const [a, b] = cells.map((one) => looked.get(one.cellKey)!);
    const ttft = presentValue(a!.explore.estimates.get('ttft')!)!;
    expect(ttft.method).toMatchObject({ kind: 'repeated-t', launches: 5, firstLook: 3, lastLook: 6 });
    const ratio = presentValue(ratioOf(a!.explore, b!.explore, 'ttft'))!;
    expect(presentValue(ratio.interval)!.level).toBe(0.95);
    expect(presentValue(a!.confirm.estimates.get('ttft')!)!.method?.kind).toBe('t-about-mean');
    const late = summarise(cells, journalState(records), METRICS, sequentialDesign(6, 8)).get(
      cells[0]!.cellKey,
    )!;
    expect(presentValue(late.explore.estimates.get('ttft')!)!.interval).toMatchObject({
      kind: 'missing',
      reason: { en: 'no interval: no look before 6 launches' },
    });
  });

  it('keeps what confirms apart from what explored', () => {
    expect(presentValue(of(alpha).confirm.estimates.get('ttft')!)).toMatchObject({ launches: 2, repeats: 6 });
    expect(of(beta).confirm.estimates.get('ttft')).toMatchObject({
      kind: 'missing',
      reason: { en: 'not measured' },
    });
  });

  it('keeps the reason of what is undefined in every launch', () => {
    expect(of(alpha).explore.estimates.get('mbu')).toMatchObject({
      kind: 'missing',
      reason: { en: 'the memory bandwidth was not measured' },
    });
  });

  it('pairs ratios by block, so that a drift of the machine cancels', () => {
    const ratio = presentValue(ratioOf(of(alpha).explore, of(beta).explore, 'throughput'))!;
    expect(ratio.mean).toBeCloseTo(2, 9);
    expect(presentValue(ratio.interval)!.high - presentValue(ratio.interval)!.low).toBeLessThan(1e-6);
    expect(ratio.launches).toBe(5);
    expect(ratioOf(of(alpha).confirm, of(beta).confirm, 'throughput').kind).toBe('missing');
  });
});

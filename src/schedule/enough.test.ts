import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomStream } from '../kernel/random.ts';
import { type CellSoFar, type EnoughRule, haveEnough } from './enough.ts';

const rule: EnoughRule = { first: 3, maximum: 6, width: undefined, decided: true, margin: 0.02 };

/** A cell whose launch means are `speeds`, one block a round. */
const cell = (cellKey: string, speeds: readonly number[], contests = ['c']): CellSoFar => ({
  cellKey,
  contests,
  launches: speeds.map((speed, round) => ({ block: `${round}/0`, values: [speed] })),
});
const open = (cells: readonly CellSoFar[]) => new Set(cells.map(({ cellKey }) => cellKey));
const found = (cells: readonly CellSoFar[], change: Partial<EnoughRule> = {}, left = open(cells)) =>
  haveEnough(cells, left, { ...rule, ...change }).map(({ cellKey, why }) => `${cellKey} ${why.kind}`);

describe('haveEnough', () => {
  const fast = cell('fast', [100, 102, 99]);
  const slow = cell('slow', [50, 51.2, 49.4]);
  const near = cell('near', [95, 104, 99]);

  it('gives up what is decided to be slower, and keeps the fastest while a rival is open', () => {
    expect(found([fast, slow, near])).toEqual(['slow slower']);
    expect(found([fast, slow])).toEqual(['fast rivals-decided', 'slow slower']);
    const [enough] = haveEnough([fast, slow, near], open([fast, slow, near]), rule);
    expect(enough).toEqual({ cellKey: 'slow', launches: 3, why: { kind: 'slower', than: 'fast' } });
  });

  it('closes the fastest once its last open rival had enough', () => {
    expect(found([fast, slow, near], {}, new Set(['fast']))).toEqual(['fast rivals-decided']);
  });

  it('takes rivals that are equal to within the margin as decided', () => {
    const twin = cell('twin', [100.01, 102, 99]);
    expect(found([fast, twin])).toEqual(['fast equivalent', 'twin rivals-decided']);
  });

  it('does not look before the first look', () => {
    const short = [cell('a', [100, 102]), cell('b', [50, 51])];
    expect(found(short)).toEqual([]);
    expect(found([cell('alone', [100, 100])])).toEqual([]);
    expect(found([cell('alone', [100, 100, 100])])).toEqual(['alone rivals-decided']);
  });

  it('is enough only where it is in every contest', () => {
    const lossy = cell('lossy', [200, 204.5, 198], ['any']);
    const exact = cell('exact', [100, 102, 99], ['any', 'equal']);
    const other = cell('other', [95, 104, 99], ['any', 'equal']);
    // Both exact cells are slower than the lossy one, but undecided between themselves.
    expect(found([lossy, exact, other], { maximum: 4 })).toEqual(['lossy rivals-decided']);
  });

  it('asks for a width where one is given', () => {
    const narrow = cell('narrow', [100, 100.1, 100.2], []);
    const wide = cell('wide', [80, 100, 120], []);
    expect(found([narrow, wide], { decided: false, width: 0.03 })).toEqual(['narrow narrow']);
    expect(found([narrow, wide], { decided: false, width: 0.0001 })).toEqual([]);
  });

  it('finds nothing among cells that are not open, and never finds a cell twice', () => {
    const speeds = fc.array(fc.double({ min: 1, max: 1000, noNaN: true }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(fc.array(speeds, { maxLength: 4 }), fc.boolean(), (drawn, decided) => {
        const cells = drawn.map((one, i) => cell(String(i), one));
        expect(haveEnough(cells, new Set(), rule)).toEqual([]);
        const keys = haveEnough(cells, open(cells), { ...rule, decided, width: 0.1 }).map((e) => e.cellKey);
        expect(new Set(keys).size).toBe(keys.length);
      }),
    );
  });

  it('gives up the fastest of four equal cells and one faster by 3 % in at most 5 % of contests', () => {
    const random = randomStream(5, 'contests');
    let lost = 0;
    const worlds = 400;
    for (let world = 0; world < worlds; world += 1) {
      const speeds = [1.03, 1, 1, 1].map((speed) =>
        Array.from({ length: rule.maximum }, () => 100 * speed * Math.exp(0.03 * random.normal())),
      );
      const left = new Set(['0', '1', '2', '3']);
      for (let round = rule.first; round <= rule.maximum; round += 1) {
        const cells = speeds.map((all, i) => cell(String(i), all.slice(0, round)));
        for (const { cellKey, why } of haveEnough(cells, left, rule)) {
          left.delete(cellKey);
          if (cellKey === '0' && why.kind === 'slower') lost += 1;
        }
      }
    }
    expect(lost / worlds).toBeLessThanOrEqual(0.05);
  });
});

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CostedLaunch, cellsBeyondMoreImportant, cellsToDrop, fits, roundCost_ms } from './budget.ts';
import { cellOrder, roundOrder } from './order.ts';
import { isSteady } from './steady.ts';

const launches: readonly CostedLaunch[] = [
  {
    key: 'a',
    overhead_ms: 100,
    cells: [
      { cellKey: 'a1', rank: 0, cost_ms: 100 },
      { cellKey: 'a2', rank: 2, cost_ms: 300 },
    ],
  },
  { key: 'b', overhead_ms: 200, cells: [{ cellKey: 'b1', rank: 1, cost_ms: 200 }] },
];

describe('cellsToDrop', () => {
  it('drops nothing where all rounds fit', () => {
    expect(roundCost_ms(launches)).toBe(900);
    expect(cellsToDrop({ launches, roundsMissing: () => 4, remaining_ms: 3600 })).toEqual([]);
  });

  it('drops the least important first, and a launch without cells costs nothing', () => {
    const keys = (remaining_ms: number) =>
      cellsToDrop({ launches, roundsMissing: () => 4, remaining_ms }).map((cell) => cell.cellKey);
    expect(keys(3599)).toEqual(['a2']);
    expect(keys(2399)).toEqual(['a2', 'b1']);
  });

  it('keeps those that lead longest among equals, and the others in the order of the plan', () => {
    const cell = (cellKey: string, rank: number) => ({
      key: cellKey,
      overhead_ms: 0,
      cells: [{ cellKey, rank, cost_ms: 100 }],
    });
    const question = {
      launches: [cell('first', 0), cell('second', 0), cell('fast', 0), cell('fast, less important', 1)],
      roundsMissing: () => 1,
      remaining_ms: 0,
    };
    const keys = (leads?: (cellKey: string) => boolean) =>
      cellsToDrop({ ...question, ...(leads === undefined ? {} : { leads }) }).map(({ cellKey }) => cellKey);
    expect(keys()).toEqual(['fast, less important', 'fast', 'second']);
    expect(keys((key) => key.startsWith('fast'))).toEqual(['fast, less important', 'second', 'first']);
  });

  it('keeps the most important cell whatever the budget', () => {
    expect(
      cellsToDrop({ launches, roundsMissing: () => 5, remaining_ms: 0 }).map((cell) => cell.cellKey),
    ).toEqual(['a2', 'b1']);
  });

  it('leaves a plan that fits, and drops no more than it must', () => {
    const cell = fc.record({ rank: fc.nat(5), cost_ms: fc.nat(1000) });
    fc.assert(
      fc.property(
        fc.array(
          fc.record({ overhead_ms: fc.nat(500), cells: fc.array(cell, { minLength: 1, maxLength: 4 }) }),
          {
            minLength: 1,
            maxLength: 6,
          },
        ),
        fc.integer({ min: 1, max: 5 }),
        fc.nat(20_000),
        (drawn, roundsMissing, remaining_ms) => {
          const plan = drawn.map((launch, i) => ({
            key: String(i),
            overhead_ms: launch.overhead_ms,
            cells: launch.cells.map((c, j) => ({ ...c, cellKey: `${i}.${j}` })),
          }));
          const dropped = cellsToDrop({ launches: plan, roundsMissing: () => roundsMissing, remaining_ms });
          const without = (keys: ReadonlySet<string>) =>
            plan.map((launch) => ({ ...launch, cells: launch.cells.filter((c) => !keys.has(c.cellKey)) }));
          const keys = dropped.map((c) => c.cellKey);
          const kept = without(new Set(keys));
          const keptCells = kept.flatMap((launch) => launch.cells);
          expect(roundCost_ms(kept) * roundsMissing <= remaining_ms || keptCells.length === 1).toBe(true);
          if (keys.length > 0) {
            const oneFewer = without(new Set(keys.slice(0, -1)));
            expect(roundCost_ms(oneFewer) * roundsMissing).toBeGreaterThan(remaining_ms);
          }
          const worst = Math.max(...keptCells.map((c) => c.rank));
          for (const gone of dropped) expect(gone.rank).toBeGreaterThanOrEqual(worst);
        },
      ),
    );
  });
});

describe('cellsBeyondMoreImportant', () => {
  const dropped = (remaining_ms: number, missing = 1, wanted = 3) =>
    cellsBeyondMoreImportant({
      launches,
      roundsMissing: () => missing,
      roundsWanted: () => wanted,
      remaining_ms,
    }).map((cell) => cell.cellKey);

  it('begins a rank only beside the whole minimum of those before it, and the first with one round', () => {
    // Three rounds of a1 (600) and b1 (1200), one of a2 (300); three of a1 and one of b1 (400); one of a1 (200).
    expect(dropped(2100)).toEqual([]);
    expect(dropped(2099)).toEqual(['a2']);
    expect(dropped(1000)).toEqual(['a2']);
    expect(dropped(999)).toEqual(['a2', 'b1']);
    expect(dropped(0)).toEqual(['a2', 'b1']);
  });

  it('drops as cellsToDrop does where nothing is wanted beyond what is missing, or all are equally important', () => {
    const equal = launches.map((launch) => ({
      ...launch,
      cells: launch.cells.map((cell) => ({ ...cell, rank: 1 })),
    }));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), fc.nat(4000), (missing, remaining_ms) => {
        const question = { roundsMissing: () => missing, remaining_ms };
        expect(
          cellsBeyondMoreImportant({ launches, ...question, roundsWanted: question.roundsMissing }),
        ).toEqual(cellsToDrop({ launches, ...question }));
        expect(cellsBeyondMoreImportant({ launches: equal, ...question, roundsWanted: () => 9 })).toEqual(
          cellsToDrop({ launches: equal, ...question }),
        );
      }),
    );
  });
});

describe('fits', () => {
  it('starts a launch only where it is expected to end in time', () => {
    const launch = launches[0] as CostedLaunch;
    expect([fits(launch, 500), fits(launch, 499), fits(launch, undefined)]).toEqual([true, false, true]);
  });
});

describe('roundOrder', () => {
  const blocks = Array.from({ length: 5 }, (_, block) => ({
    block,
    launches: Array.from({ length: 6 }, (_, i) => `${block}/${i}`),
  }));

  it('repeats itself for a seed and changes with the round', () => {
    expect(roundOrder(blocks, 0, 1)).toEqual(roundOrder(blocks, 0, 1));
    expect(roundOrder(blocks, 0, 1)).not.toEqual(roundOrder(blocks, 0, 2));
  });

  it('keeps blocks whole and every launch in its block', () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(), (seed, round) => {
        const order = roundOrder(blocks, seed, round);
        expect(order.map((b) => b.block).sort()).toEqual([0, 1, 2, 3, 4]);
        for (const { block, launches: inside } of order) {
          expect([...inside].sort()).toEqual(blocks[block]?.launches);
        }
      }),
    );
  });
});

describe('cellOrder', () => {
  const cells = ['a', 'b', 'c', 'd', 'e'];

  it('is ascending, its reverse, a shuffle, its reverse, and again', () => {
    const [first, second, third, fourth, fifth] = [0, 1, 2, 3, 4].map((round) =>
      cellOrder(cells, 7, 3, round),
    );
    expect([first, second, fifth]).toEqual([cells, [...cells].reverse(), cells]);
    expect(fourth).toEqual([...(third ?? [])].reverse());
    expect([...(third ?? [])].sort()).toEqual(cells);
    expect([cells, second]).not.toContainEqual(third);
  });

  it('cancels in two rounds what rises steadily while a launch lasts', () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(9), fc.nat(50), (seed, block, pair) => {
        const places = [2 * pair, 2 * pair + 1].map((round) => cellOrder(cells, seed, block, round));
        for (const cell of cells) {
          const sum = places.reduce((total, order) => total + order.indexOf(cell), 0);
          expect(sum).toBe(cells.length - 1);
        }
      }),
    );
  });

  it('differs by seed, block and round', () => {
    const many = Array.from({ length: 20 }, (_, index) => index);
    const orders = [
      cellOrder(many, 0, 0, 2),
      cellOrder(many, 1, 0, 2),
      cellOrder(many, 0, 1, 2),
      cellOrder(many, 0, 0, 6),
    ];
    expect(new Set(orders.map(String)).size).toBe(4);
  });
});

describe('isSteady', () => {
  it('needs two generations that agree to within 10 %', () => {
    expect(isSteady([])).toBe(false);
    expect(isSteady([100])).toBe(false);
    expect(isSteady([1_000_000_000])).toBe(true);
    expect(isSteady([200, 100])).toBe(false);
    expect(isSteady([200, 100, 109])).toBe(true);
    expect(isSteady([100, 90])).toBe(true);
    expect(isSteady([100, 89])).toBe(false);
  });
});

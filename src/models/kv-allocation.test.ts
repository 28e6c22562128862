import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  KV_ALLOCATION_KINDS,
  type KvDemand,
  kvAllocation,
  kvTimeline,
  PAGED_BLOCK_POSITIONS,
} from './kv-allocation.ts';

const demand = (
  lengths: readonly (readonly [number, number])[],
  mostNewTokens: number,
  slots: number,
): KvDemand => ({
  sequences: lengths.map(([promptTokens, newTokens]) => ({ promptTokens, newTokens })),
  mostNewTokens,
  slots,
  blockPositions: 4,
});

const demands = fc
  .record({
    lengths: fc.array(fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 12 })), {
      minLength: 1,
      maxLength: 9,
    }),
    more: fc.integer({ min: 0, max: 5 }),
    slots: fc.integer({ min: 1, max: 10 }),
    blockPositions: fc.constantFrom(1, 4, PAGED_BLOCK_POSITIONS),
  })
  .map(({ lengths, more, slots, blockPositions }) => ({
    ...demand(lengths, Math.max(...lengths.map(([, count]) => count)) + more, slots),
    blockPositions,
  }));

describe('kvTimeline', () => {
  const two = demand(
    [
      [3, 1],
      [5, 3],
    ],
    3,
    1,
  );

  it('counts a static batch to its end, without what is done', () => {
    expect(kvTimeline('static', two)).toEqual([
      { live: 2, used: 8, reserved: 16 },
      { live: 1, used: 6, reserved: 16 },
      { live: 1, used: 7, reserved: 16 },
    ]);
  });

  it('lets a sequence enter when a slot is free', () => {
    expect(kvTimeline('slot', two)).toEqual([
      { live: 1, used: 3, reserved: 8 },
      { live: 1, used: 5, reserved: 8 },
      { live: 1, used: 6, reserved: 8 },
      { live: 1, used: 7, reserved: 8 },
    ]);
  });

  it('gives pages as they fill', () => {
    expect(kvTimeline('paged', two).map(({ reserved }) => reserved)).toEqual([4, 8, 8, 8]);
    expect(kvAllocation('paged', two)).toEqual({
      kind: 'paged',
      steps: 4,
      peakReserved: 8,
      peakUsed: 7,
      meanReserved: 7,
      meanUsed: 5.25,
      usedShare: 0.75,
    });
  });

  it('refuses what was not asked for', () => {
    expect(() => kvTimeline('static', demand([], 3, 1))).toThrow(RangeError);
    expect(() => kvTimeline('static', demand([[1, 4]], 3, 1))).toThrow(RangeError);
    expect(() => kvTimeline('static', demand([[1, 0]], 3, 1))).toThrow(RangeError);
  });

  it('never uses more than it reserves, and runs every token once', () => {
    fc.assert(
      fc.property(demands, fc.constantFrom(...KV_ALLOCATION_KINDS), (one, kind) => {
        const timeline = kvTimeline(kind, one);
        expect(timeline.every(({ used, reserved }) => used <= reserved)).toBe(true);
        const tokens = one.sequences.reduce((sum, { newTokens }) => sum + newTokens, 0);
        expect(timeline.reduce((sum, { live }) => sum + live, 0)).toBe(tokens);
      }),
    );
  });

  it('wastes less than one block per sequence with pages, and nothing with pages of one position', () => {
    fc.assert(
      fc.property(demands, (one) => {
        for (const { live, used, reserved } of kvTimeline('paged', one)) {
          expect(reserved - used).toBeLessThan(live * one.blockPositions);
        }
        expect(kvAllocation('paged', { ...one, blockPositions: 1 }).usedShare).toBe(1);
      }),
    );
  });

  it('is the same for slots as for a static batch where all have a slot, and never reserves more with pages', () => {
    fc.assert(
      fc.property(demands, (one) => {
        const all = { ...one, slots: one.sequences.length };
        expect(kvTimeline('slot', all)).toEqual(kvTimeline('static', all));
        const [slot, paged] = [kvTimeline('slot', one), kvTimeline('paged', one)];
        expect(paged.map(({ used }) => used)).toEqual(slot.map(({ used }) => used));
        const blockMore = one.slots * (one.blockPositions - 1);
        expect(paged.every(({ reserved }, at) => reserved <= (slot[at]?.reserved ?? 0) + blockMore)).toBe(
          true,
        );
      }),
    );
  });
});

import { describe, expect, it } from 'vitest';
import { type Copy, copyPlan } from './copies.ts';

const copy = (model: string, bytes: number, isShared = false): Copy => ({ model, bytes, isShared });
const COPIES = [
  copy('small', 1),
  copy('small', 2, true),
  copy('middle', 10),
  copy('large', 30, true),
  copy('large', 20),
];

describe('copyPlan', () => {
  it('keeps everything that fits', () => {
    expect(copyPlan(COPIES, 63)).toEqual({ limitBytes: 63, evicted: [], peakBytes: 63 });
  });

  it('keeps the smallest, as long as all copies of each other model fit beside them', () => {
    const large = { model: 'large', until: 'model-ended', bytes: 50 };
    const middle = { model: 'middle', until: 'model-ended', bytes: 10 };
    expect(copyPlan(COPIES, 62)).toEqual({ limitBytes: 62, evicted: [middle, large], peakBytes: 53 });
    const two = [copy('small', 2), copy('small', 1, true), copy('large', 20), copy('middle', 10)];
    expect(copyPlan(two, 23)).toEqual({
      limitBytes: 23,
      evicted: [middle, { ...large, bytes: 20 }],
      peakBytes: 23,
    });
  });

  it('keeps the small ones beside one that is too large even alone', () => {
    const copies = [copy('small', 3), copy('middle', 10), copy('large', 50), copy('large', 50)];
    const large = { model: 'large', until: 'round-needs-none', bytes: 100 };
    expect(copyPlan(copies, 63)).toEqual({ limitBytes: 63, evicted: [large], peakBytes: 63 });
    expect(copyPlan(copies, 62).evicted.map(({ model }) => model)).toEqual(['middle', 'large']);
  });

  it('removes within a round only what one block needs: the rest would be made again for every block', () => {
    const { evicted, peakBytes } = copyPlan(
      [copy('large', 30, true), copy('large', 20), copy('large', 15)],
      55,
    );
    expect(evicted).toEqual([{ model: 'large', until: 'round-needs-none', bytes: 65 }]);
    expect(peakBytes).toBe(50);
  });
});

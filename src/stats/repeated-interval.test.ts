import { describe, expect, it } from 'vitest';
import { presentValue } from '../kernel/maybe.ts';
import { isNarrow, repeatedInterval } from './repeated-interval.ts';
import { sequentialDesign } from './sequential.ts';
import { twoSidedFactor } from './student-t.ts';

const design = sequentialDesign(3, 6);
const launches = [[10], [12], [11], [13]];

describe('repeatedInterval', () => {
  it('is t about the mean at the level of the look, and promises the level of all looks', () => {
    const estimate = presentValue(repeatedInterval(launches, design))!;
    const { low, high, level } = presentValue(estimate.interval)!;
    // Variance 5 / 3 over four launches.
    const half = twoSidedFactor(design.looks[1]!.level, 3) * Math.sqrt(5 / 12);
    expect([low, high]).toEqual([11.5 - half, 11.5 + half]);
    expect(level).toBe(0.95);
    expect(estimate.method).toMatchObject({ kind: 'repeated-t', launches: 4, firstLook: 3, lastLook: 6 });
    expect(estimate.rule.en).toBe(
      't over 4 launch means, looked at after each of 3 to 6 (repeated confidence interval)',
    );
  });

  it('has no interval before the first look', () => {
    const reasonOf = (count: number) =>
      presentValue(repeatedInterval(launches.slice(0, count), design))!.interval;
    expect(reasonOf(2)).toMatchObject({
      kind: 'missing',
      reason: { en: 'no interval: no look before 3 launches' },
    });
    expect(reasonOf(1)).toMatchObject({ kind: 'missing', reason: { en: 'no interval: single launch' } });
    expect(repeatedInterval([[]], design).kind).toBe('missing');
  });
});

describe('isNarrow', () => {
  it('asks for half of the interval over the value', () => {
    const estimate = presentValue(repeatedInterval(launches, design))!;
    const { high, low } = presentValue(estimate.interval)!;
    const half = (high - low) / 2 / 11.5;
    expect([isNarrow(launches, design, half * 1.001), isNarrow(launches, design, half * 0.999)]).toEqual([
      true,
      false,
    ]);
    expect(isNarrow(launches.slice(0, 2), design, 1)).toBe(false);
  });
});

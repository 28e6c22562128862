import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { repeatsAtMost, type TimedLaunch } from './repeats.ts';

const cell = (launches: readonly (readonly number[])[], launch_ms = 10, repeat_ms = 2): TimedLaunch[] =>
  launches.map((values, block) => ({ block: `${block}/0`, values, launch_ms, repeat_ms }));
const rule = { minimum: 1, maximum: 20 };
/** Launches that differ by `between`, repeats by `within`, alternately. */
const pattern = (between: number, within: number, launches = 4) =>
  Array.from({ length: launches }, (_, i) =>
    [1, -1].map((sign) => Math.exp((i % 2 === 0 ? between : -between) + sign * within)),
  );

describe('repeatsAtMost', () => {
  it('takes three in the first three launches, within the bounds of the study', () => {
    const two = cell(pattern(0.1, 0, 2));
    expect(repeatsAtMost([[], []], rule)).toBe(3);
    expect(repeatsAtMost([two, two], rule)).toBe(3);
    expect(repeatsAtMost([two, two], { minimum: 5, maximum: 20 })).toBe(5);
    expect(repeatsAtMost([two, two], { minimum: 1, maximum: 2 })).toBe(2);
    expect(repeatsAtMost([], rule)).toBe(3);
  });

  it('takes two where only launches differ, as many as allowed where only repeats do', () => {
    expect(repeatsAtMost([cell(pattern(0.1, 0))], rule)).toBe(2);
    expect(repeatsAtMost([cell(pattern(0.1, 0))], { minimum: 1, maximum: 1 })).toBe(1);
    expect(repeatsAtMost([cell(pattern(0, 0.1))], rule)).toBe(20);
  });

  it('takes sqrt(c W / A) in between, c the cost of a launch in repeats', () => {
    // W = 2 (0.05)^2 = 0.005, A = 4 / 3 (0.06)^2 - W / 2 = 0.0023.
    const launches = pattern(0.06, 0.05);
    expect(repeatsAtMost([cell(launches, 10, 2)], rule)).toBe(Math.round(Math.sqrt((5 * 0.005) / 0.0023)));
    expect(repeatsAtMost([cell(launches, 100, 2)], rule)).toBe(Math.round(Math.sqrt((50 * 0.005) / 0.0023)));
    expect(repeatsAtMost([cell(launches, 10, 0)], rule)).toBe(20);
  });

  it('reads blocks that have all cells, in whatever order they came', () => {
    const a = cell(pattern(0.06, 0.05, 5));
    const b = cell(pattern(-0.02, 0.04, 5));
    const alike = repeatsAtMost([a.slice(0, 4), b.slice(0, 4)], rule);
    expect(repeatsAtMost([a, b.slice(0, 4)], rule)).toBe(alike);
    expect(repeatsAtMost([a.slice(0, 4), [...b.slice(0, 4)].reverse()], rule)).toBe(alike);
    expect(repeatsAtMost([a, b.slice(0, 2)], rule)).toBe(3);
  });

  it('leaves the study its own number where single repeats tell nothing', () => {
    expect(repeatsAtMost([cell([[1], [1.1], [0.9], [1]])], rule)).toBe(20);
  });

  it('does not depend on how far apart the cells are: an error rate could not hold otherwise', () => {
    const launch = fc.array(fc.double({ min: 0.8, max: 1.2, noNaN: true }), { minLength: 2, maxLength: 4 });
    const launches = fc.array(launch, { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(launches, launches, (a, b) => {
        const near = repeatsAtMost([cell(a), cell(b)], rule);
        const apart = repeatsAtMost([cell(a.map((own) => own.map((value) => 8 * value))), cell(b)], rule);
        expect(apart).toBe(near);
      }),
    );
  });
});

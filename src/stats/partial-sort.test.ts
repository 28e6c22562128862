import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { sortPlaces } from './partial-sort.ts';

/** Few different values, so that ties are common; long enough for partitions. */
const values = fc.oneof(
  fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 200 }),
  fc.array(fc.double({ noNaN: true, min: 1e-9 }), { minLength: 1, maxLength: 200 }),
);

it('puts into the places that are asked for what ascending order puts there', () => {
  fc.assert(
    fc.property(values, fc.nat(), fc.nat(), (given, a, b) => {
      const [low = 0, high = 0] = [a % given.length, b % given.length].sort((x, y) => x - y);
      const sorted = Float64Array.from(given).sort();
      const places = Float64Array.from(given);
      sortPlaces(places, low, high);
      expect(places.slice(low, high + 1)).toEqual(sorted.slice(low, high + 1));
      expect(places.sort()).toEqual(sorted);
    }),
  );
});

it('leaves what is outside its range alone', () => {
  const places = Float64Array.of(9, 3, 2, 1, 0);
  sortPlaces(places, 1, 3, 1, 4);
  expect([...places]).toEqual([9, 1, 2, 3, 0]);
});

it('does not mind values in order, in reverse order, all equal, or shaped like an organ pipe', () => {
  const size = 5000;
  for (const value of [(i: number) => i, (i: number) => -i, () => 1, (i: number) => Math.min(i, size - i)]) {
    const given = Float64Array.from({ length: size }, (_, i) => value(i));
    const places = given.slice();
    sortPlaces(places, size * 0.95, size - 1);
    expect(places.slice(size * 0.95)).toEqual(given.sort().slice(size * 0.95));
  }
});

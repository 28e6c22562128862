import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { adaptive, alarms } from '../../bench/trust/comparisons.ts';
import { coverage } from '../../bench/trust/coverage.ts';
import type { TrustResult } from '../../bench/trust/part.ts';
import { runMachine, truth, WORLDS } from '../../bench/trust/worlds.ts';

const [white] = WORLDS;
const many = { worlds: 100, seed: 3 };

describe('simulated worlds', () => {
  it.each(WORLDS)('have the truth that their mean goes to: $noise', (world) => {
    for (const power of [1, -1]) {
      const value = (duration: number) => duration ** power;
      let total = 0;
      let truths = 0;
      for (let number = 0; number < 200; number += 1) {
        const machine = runMachine(world, 1, number, { rounds: 10, sides: 1 });
        const values = machine.sides[0]!.flat().map(value);
        total += values.reduce((sum, one) => sum + one, 0) / values.length / 200;
        truths += truth(machine, 10, value) / 200;
      }
      // Standard errors are below 0.4 %, except for the infinite variance of heavy-tailed durations.
      expect(Math.abs(total / truths - 1)).toBeLessThan(0.015);
    }
  });

  it('follow from their seed and number', () => {
    const machine = (seed: number) => runMachine(white!, seed, 4, { rounds: 2, sides: 2 }).sides;
    expect(machine(1)).toEqual(machine(1));
    expect(machine(1)).not.toEqual(machine(2));
  });
});

describe('figures', () => {
  it('of the checked-in result come out again', () => {
    const folder = new URL('../../bench/results/', import.meta.url);
    const file = readdirSync(folder)
      .filter((name) => name.endsWith('-trust.json'))
      .sort()
      .at(-1)!;
    const { trust } = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as { trust: TrustResult };
    const { seed, worldsEach } = trust;
    expect(trust.worlds).toEqual(WORLDS);
    const known = trust.coverage.find((one) => one.noise === 'white' && one.launches === 5)!;
    const again = coverage(white!, known.quantity, 5, { worlds: worldsEach, seed });
    expect(again.covered).toBe(known.covered);
    expect(again.halfWidth).toBeCloseTo(known.halfWidth, 9);
  });

  it('count what they name', () => {
    const design = { first: 2, maximum: 2, level: 0.95, looks: [{ launches: 2, level: 0.95 }] };
    const huge = adaptive(white!, design, 1000, many);
    expect(huge).toMatchObject({
      right: 1,
      wrong: 0,
      rightWhenFixed: 1,
      meanRepeats: 20,
      repeatsWhenFixed: 20,
    });
    const { falseAlarms, powerAtDetectable, medianDetectable } = alarms(white!, 5, many);
    expect(falseAlarms).toBeLessThan(0.2);
    expect(powerAtDetectable).toBeGreaterThan(0.5);
    expect(medianDetectable).toBeGreaterThan(1.04);
  });
});

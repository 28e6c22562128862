import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { adaptive } from '../../bench/trust/adaptive.ts';
import { alarms } from '../../bench/trust/comparisons.ts';
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

const folder = new URL('../../bench/results/', import.meta.url);
const file = readdirSync(folder)
  .filter((name) => name.endsWith('-trust.json'))
  .sort()
  .at(-1)!;
const { trust } = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as { trust: TrustResult };

describe('the checked-in result', () => {
  it('has 95 % intervals that hold the truth in 93 to 97 % of worlds, over 5 and 10 launches', () => {
    const kinds = ['white', 'autocorrelated', 'drift', 'heavy-tailed', 'bimodal'];
    const cells = trust.coverage.filter(({ noise, launches }) => kinds.includes(noise) && launches <= 10);
    expect(cells).toHaveLength(kinds.length * 4);
    for (const { covered } of cells) expect(Math.abs(covered - 0.95)).toBeLessThanOrEqual(0.02);
  });

  it('alarms falsely in at most 6.5 %, and finds what it prints as detectable in at least 77 %', () => {
    expect(trust.alarms).toHaveLength(2 * WORLDS.length);
    expect(Math.max(...trust.alarms.map(({ falseAlarms }) => falseAlarms))).toBeLessThanOrEqual(0.065);
    expect(Math.min(...trust.alarms.map((one) => one.powerAtDetectable))).toBeGreaterThanOrEqual(0.77);
  });

  it('decides 10 % in at most half of the repeats of the fixed design, without more wrong decisions', () => {
    expect(trust.adaptive).toHaveLength(4 * WORLDS.length);
    for (const one of trust.adaptive) {
      expect(one.wrong).toBeLessThanOrEqual(0.065);
      if (one.trueRatio > 1) expect(one.meanRepeats).toBeLessThanOrEqual(0.5 * one.repeatsWhenFixed);
      // With as much time as the fixed design, it decides about as often.
      if (one.trueRatio > 1 && one.mostBlocks > one.blocksWhenFixed)
        expect(one.right).toBeGreaterThan(one.rightWhenFixed - 0.05);
    }
  });
});

describe('figures', () => {
  it('of the checked-in result come out again', () => {
    const { seed, worldsEach } = trust;
    expect(trust.worlds).toEqual(WORLDS);
    const known = trust.coverage.find((one) => one.noise === 'white' && one.launches === 5)!;
    const again = coverage(white!, known.quantity, 5, { worlds: worldsEach, seed });
    expect(again.covered).toBe(known.covered);
    expect(again.halfWidth).toBeCloseTo(known.halfWidth, 9);
  });

  it('count what they name', () => {
    const design = { first: 2, maximum: 2, level: 0.95, looks: [{ launches: 2, level: 0.95 }] };
    const huge = adaptive(white!, design, { trueRatio: 1000, blocksWhenFixed: 2 }, many);
    expect(huge).toMatchObject({
      right: 1,
      wrong: 0,
      rightWhenFixed: 1,
      // Two blocks of three repeats a side, instead of five.
      meanRepeats: 12,
      repeatsWhenFixed: 20,
      meanBlocks: 2,
      timeShare: (4 * 10 + 12 * 2) / (4 * 10 + 20 * 2),
    });
    const { falseAlarms, powerAtDetectable, medianDetectable } = alarms(white!, 5, many);
    expect(falseAlarms).toBeLessThan(0.2);
    expect(powerAtDetectable).toBeGreaterThan(0.5);
    expect(medianDetectable).toBeGreaterThan(1.04);
  });
});

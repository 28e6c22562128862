import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { presentValue } from '../kernel/maybe.ts';
import { randomStream } from '../kernel/random.ts';
import { type Duel, decideContests } from './best-of.ts';

const RULE = { margin: 0.02 };
/** Ratios of the leader to a rival, block by block. */
const duel = (ratios: readonly number[]): Duel => ({
  sides: { kind: 'paired', blocks: ratios.map((ratio) => ({ a: ratio, b: 1 })) },
});
const noisy = (centre: number, spread: number): Duel =>
  duel([1 - spread, 1 + spread, 1 - spread, 1 + spread].map((one) => centre * one));

describe('decideContests', () => {
  it('names the fastest, equals, an open question and a lone one', () => {
    const results = decideContests(
      [
        [noisy(1.5, 0.001), noisy(2, 0.001)],
        [noisy(1.005, 0.0001), noisy(2, 0.001)],
        [noisy(1.03, 0.1), noisy(2, 0.001)],
        [],
      ],
      RULE,
    );
    expect(results.map(({ outcome, contenders }) => [outcome, contenders])).toEqual([
      ['fastest', []],
      ['equal', [0]],
      ['undecided', [0]],
      ['alone', []],
    ]);
    expect(decideContests([[duel([1.001, 0.999, 1.0005, 0.9996])]], RULE)[0]).toMatchObject({
      outcome: 'equal',
      contenders: [0],
    });
    expect(results[3]?.confidence).toBeUndefined();
  });

  it('multiplies the p-value by the rivals, and by Holm over the contests', () => {
    const one = noisy(1.2, 0.05);
    const p = presentValue(decideContests([[one]], RULE)[0]!.duels[0]!.pDifferent)!;
    const confidences = (contests: readonly (readonly Duel[])[]) =>
      decideContests(contests, RULE).map(({ confidence }) => 1 - (confidence ?? 0));
    expect(confidences([[one]])).toEqual([expect.closeTo(p, 12)]);
    expect(confidences([[one, noisy(9, 0.001)]])).toEqual([expect.closeTo(2 * p, 12)]);
    expect(confidences([[one], [one], [noisy(9, 0.0001)], []])[0]).toBeCloseTo(2 * p, 12);
    const looked = { ...one, level: 0.99 };
    expect(confidences([[looked]])).toEqual([expect.closeTo(5 * p, 12)]);
  });

  it('takes a single block for no evidence, and a leader that is behind for undecided', () => {
    expect(decideContests([[duel([3])]], RULE)[0]).toMatchObject({ outcome: 'undecided', confidence: 0 });
    expect(decideContests([[noisy(0.5, 0.001)]], RULE)[0]).toMatchObject({
      outcome: 'undecided',
      contenders: [0],
    });
  });

  it('never rules out a rival and names the leader less surely than without other rivals', () => {
    const ratios = fc.array(fc.double({ min: 0.8, max: 1.6, noNaN: true }), { minLength: 2, maxLength: 6 });
    fc.assert(
      fc.property(ratios, ratios, (first, second) => {
        const [alone] = decideContests([[duel(first)]], RULE);
        const [both] = decideContests([[duel(first), duel(second)]], RULE);
        expect(both?.confidence ?? 0).toBeLessThanOrEqual((alone?.confidence ?? 0) + 1e-12);
        if (both?.outcome === 'fastest') expect(both.contenders).toEqual([]);
      }),
    );
  });

  it('names a wrong one in less than 5 % of tables, and loses the fastest in none more, leaders chosen by the data', () => {
    const random = randomStream(11, 'best-of');
    const tables = 600;
    const wrongs = { named: 0, lost: 0 };
    for (let table = 0; table < tables; table += 1) {
      const contests = Array.from({ length: 4 }, (_, contest) => {
        // Equals, a near tie, and a clear field; the first is the fastest or none is slower.
        const truths = [1, [1, 0.99, 0.98, 0.8][contest] ?? 1, 0.98];
        const logs = truths.map((truth) =>
          Array.from({ length: 5 }, () => Math.log(truth) + 0.02 * random.normal()),
        );
        const means = logs.map((values) => values.reduce((sum, value) => sum + value, 0));
        const leader = means.indexOf(Math.max(...means));
        const rivals = truths.map((_one, index) => index).filter((index) => index !== leader);
        const duels = rivals.map((rival) => ({
          sides: {
            kind: 'paired' as const,
            blocks: (logs[leader] ?? []).map((value, block) => ({
              a: Math.exp(value),
              b: Math.exp(logs[rival]?.[block] ?? 0),
            })),
          },
        }));
        return { leader, rivals, truths, duels };
      });
      const results = decideContests(
        contests.map(({ duels }) => duels),
        RULE,
      );
      const isBest = (truths: readonly number[], index: number): boolean =>
        truths.every((truth, other) => other === index || truth < (truths[index] ?? 0));
      if (
        results.some(
          (one, i) => one.outcome === 'fastest' && !isBest(contests[i]!.truths, contests[i]!.leader),
        )
      )
        wrongs.named += 1;
      const loses = results.some(({ contenders, outcome }, i) => {
        const { leader, rivals, truths } = contests[i]!;
        const kept =
          outcome === 'fastest' ? [leader] : [leader, ...contenders.map((index) => rivals[index]!)];
        return kept.every((index) => (truths[index] ?? 0) < Math.max(...truths));
      });
      if (loses) wrongs.lost += 1;
    }
    expect(wrongs.named / tables).toBeLessThan(0.05);
    expect(wrongs.lost / tables).toBeLessThan(0.05);
  });
});

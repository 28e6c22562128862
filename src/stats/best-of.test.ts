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

  it('regression: with three blocks a rival at a tenth of the speed stayed one that may be the fastest', () => {
    const random = randomStream(12, 'best-of');
    const field = Array.from({ length: 20 }, (_, index) =>
      duel(Array.from({ length: 3 }, () => (2 + index / 2) * Math.exp(0.03 * random.normal()))),
    );
    expect(decideContests([field, field.slice(1)], RULE)).toMatchObject([
      { outcome: 'fastest', contenders: [] },
      { outcome: 'fastest', contenders: [] },
    ]);
  });

  it.each([
    { blocks: 5, fields: [3, 3, 3, 3], spreads: [0.02] },
    { blocks: 5, fields: [6, 6, 6, 3], spreads: [0.005, 0.01, 0.02, 0.05, 0.1] },
    { blocks: 3, fields: [6, 6, 6, 3], spreads: [0.02] },
    { blocks: 3, fields: [8, 8, 8, 3], spreads: [0.005, 0.01, 0.02, 0.05, 0.1] },
  ])(
    'names a wrong one in less than 5 % of tables, and rules out the fastest in less, leaders chosen by the data: %o',
    ({ blocks, fields, spreads }) => {
      const random = randomStream(11, 'best-of');
      const tables = 600;
      const wrongs = { named: 0, lost: 0 };
      for (let table = 0; table < tables; table += 1) {
        const contests = fields.map((cells, contest) =>
          drawnContest(random, { blocks, cells, spreads, second: [1, 0.99, 0.98, 0.8][contest] ?? 1 }),
        );
        const results = decideContests(
          contests.map(({ duels }) => duels),
          RULE,
        );
        const isBest = ({ truths }: DrawnContest, index: number): boolean =>
          truths.every((truth, other) => other === index || truth < (truths[index] ?? 0));
        if (
          results.some(
            ({ outcome }, i) => outcome === 'fastest' && !isBest(contests[i]!, contests[i]!.leader),
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
    },
  );
});

interface DrawnContest {
  readonly truths: readonly number[];
  /** Chosen by the data. */
  readonly leader: number;
  readonly rivals: readonly number[];
  readonly duels: readonly Duel[];
}

/** Equals, a near tie or a clear field: the first cell is the fastest, or none is slower; each has a spread of its own. */
function drawnContest(
  random: ReturnType<typeof randomStream>,
  world: {
    readonly blocks: number;
    readonly cells: number;
    readonly spreads: readonly number[];
    readonly second: number;
  },
): DrawnContest {
  const truths = Array.from({ length: world.cells }, (_, cell) =>
    cell === 0 ? 1 : cell === 1 ? world.second : 0.98,
  );
  const logs = truths.map((truth) => {
    const spread = world.spreads[random.integer(world.spreads.length)] ?? 0;
    return Array.from({ length: world.blocks }, () => Math.log(truth) + spread * random.normal());
  });
  const means = logs.map((values) => values.reduce((sum, value) => sum + value, 0));
  const leader = means.indexOf(Math.max(...means));
  const rivals = truths.map((_one, index) => index).filter((index) => index !== leader);
  const duels = rivals.map(
    (rival): Duel => ({
      sides: {
        kind: 'paired',
        blocks: (logs[leader] ?? []).map((value, block) => ({
          a: Math.exp(value),
          b: Math.exp(logs[rival]?.[block] ?? 0),
        })),
      },
    }),
  );
  return { truths, leader, rivals, duels };
}

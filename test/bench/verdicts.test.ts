/** Simulated studies whose truth is known: what they claim, what comes out, and how it is counted. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isWrong, type JudgedClaim } from '../../bench/verdicts/claims.ts';
import { factClaims } from '../../bench/verdicts/fact-claims.ts';
import { drawFacts } from '../../bench/verdicts/facts.ts';
import { noiseAt } from '../../bench/verdicts/noises.ts';
import type { VerdictsResult } from '../../bench/verdicts/part.ts';
import { judgeFacts, judgeTimes } from '../../bench/verdicts/simulate.ts';
import { tally } from '../../bench/verdicts/tally.ts';
import { CLAIM_KINDS } from '../../src/verdicts/registry.ts';

const ROUNDS = 5;
const claim = (kind: string, truth: JudgedClaim['truth'], outcome: JudgedClaim['outcome']): JudgedClaim => ({
  id: `${kind}.${truth}`,
  kind,
  fields: '',
  truth,
  outcome,
});

describe('simulated studies', () => {
  it('have claims of every kind, true, false and open', async () => {
    const studies = await Promise.all(
      [0, 1, 2, 3, 4, 5, 6, 7].map((index) => judgeFacts(index, ROUNDS, noiseAt(index))),
    );
    const judged = [...studies.flat(), ...(await judgeTimes(0, ROUNDS, 'white'))];
    const known = new Set(judged.map(({ kind, truth }) => `${kind} ${truth}`));
    expect(known).toEqual(
      new Set(CLAIM_KINDS.flatMap(({ kind }) => [`${kind} true`, `${kind} false`, `${kind} open`])),
    );
    // Facts without noise are decided wherever anything is known of them.
    const facts = judged.filter(({ kind }) => ['capability', 'conversion', 'reports'].includes(kind));
    for (const { truth, outcome } of facts) {
      expect(outcome).toBe({ true: 'supported', false: 'refuted', open: 'not-measured' }[truth]);
    }
  });

  it('draw the same facts for the same number, and other ones for another', () => {
    const claims = (index: number) => factClaims(drawFacts(index, ROUNDS));
    expect(claims(3)).toEqual(claims(3));
    expect(
      new Set([0, 1, 2, 3, 4, 5, 6, 7].map((index) => JSON.stringify(claims(index)))).size,
    ).toBeGreaterThan(4);
  });
});

describe('counts', () => {
  it('call wrong what is decided against the truth, and what nobody can know', () => {
    expect(isWrong(claim('a', 'true', 'refuted'))).toBe(true);
    expect(isWrong(claim('a', 'false', 'supported'))).toBe(true);
    expect(isWrong(claim('a', 'open', 'supported'))).toBe(true);
    expect(isWrong(claim('a', 'open', 'undecided'))).toBe(false);
    expect(isWrong(claim('a', 'open', 'not-measured'))).toBe(false);
    expect(isWrong(claim('a', 'true', 'undecided'))).toBe(false);
  });

  it('stand by kind of claim and by kind of noise', () => {
    const studies = [
      { noise: 'white', claims: [claim('a', 'true', 'supported'), claim('b', 'open', 'refuted')] },
      { noise: 'bursts', claims: [claim('a', 'false', 'undecided'), claim('b', 'open', 'undecided')] },
    ];
    expect(tally(studies)).toEqual({
      studies: 2,
      wrongStudies: 1,
      shareOfWrongStudies: 0.5,
      wrongStudiesByNoise: { white: 1, bursts: 0 },
      wrongByClaim: { 'b.open': 1 },
      kinds: [
        {
          kind: 'a',
          true: 1,
          false: 1,
          open: 0,
          decided: 1,
          wrong: 0,
          wrongStudies: 0,
          shareOfWrongStudies: 0,
        },
        {
          kind: 'b',
          true: 0,
          false: 0,
          open: 2,
          decided: 0,
          wrong: 1,
          wrongStudies: 1,
          shareOfWrongStudies: 0.5,
        },
      ],
    });
  });
});

const folder = new URL('../../bench/results/', import.meta.url);
const file = readdirSync(folder)
  .filter((name) => name.endsWith('-verdicts.json'))
  .sort()
  .at(-1)!;
const { verdicts } = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as { verdicts: VerdictsResult };

describe('the checked-in result', () => {
  it('has a wrong verdict in under 5 % of 1,000 studies, for each kind of claim and for all together', () => {
    const { times, facts, fewTimes, unevenTimes } = verdicts;
    for (const counts of [times, facts, fewTimes, unevenTimes]) {
      expect(counts.studies).toBe(1000);
      expect(counts.shareOfWrongStudies).toBeLessThan(0.05);
      for (const { shareOfWrongStudies } of counts.kinds) expect(shareOfWrongStudies).toBeLessThan(0.05);
    }
    const kinds = new Set([...times.kinds, ...facts.kinds].map(({ kind }) => kind));
    expect(kinds).toEqual(new Set(CLAIM_KINDS.map(({ kind }) => kind)));
  });
});

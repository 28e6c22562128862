import { describe, expect, it } from 'vitest';
import { BASE_CELL, syntheticSample } from '../../test/fixtures/synthetic-journal.ts';
import { tokenGaps } from './stamps.ts';

describe('gaps between tokens', () => {
  it('are those of every sequence, also where sequences are one and the same', () => {
    const sample = syntheticSample(BASE_CELL, 1000, 100_000_000, 25_000_000);
    const [of] = sample.sequences;
    if (of === undefined) throw new Error('the sample has no sequence');
    const long = { ...of, events: [{ firstStep: 0, steps: 3, tokensPerStep: 1 }] };
    const short = { ...of, events: [{ firstStep: 1, steps: 2, tokensPerStep: 1 }] };
    const one = { ...sample, steps_ns: [100, 130, 170], sequences: [long, long, short, short, short, long] };
    const { gaps_ns, distinct } = tokenGaps([one, one]);
    const expected = [30, 40, 30, 40, 40, 40, 40, 30, 40];
    expect([...gaps_ns]).toEqual([...expected, ...expected]);
    expect(distinct).toBe(4);
  });
});

import { describe, expect, it } from 'vitest';
import { type AgreementRecord, nearTies } from './equal-outputs.ts';

const check = (equalPositions: number, ...gaps_nats: readonly number[]): AgreementRecord => ({
  kind: 'agreement',
  cellKey: 'c',
  launch: 'l',
  method: 'equal-tokens',
  score: { equalPositions, positions: 8 },
  ...(gaps_nats.length === 0
    ? {}
    : { differences: gaps_nats.map((gap_nats, sequence) => ({ sequence, position: 2, gap_nats })) }),
  referenceDigest: 'r',
});

describe('near ties', () => {
  it('are none where all tokens are equal', () => {
    expect(nearTies(check(8))).toBe(0);
  });

  it('are sequences whose two tokens the engine holds to be equally likely, to within a thousandth of a nat', () => {
    expect(nearTies(check(6, 0.0002))).toBe(1);
    expect(nearTies(check(4, 0.0002, -0.0009))).toBe(2);
  });

  it('excuse nothing where one sequence parts elsewhere, or nobody asked', () => {
    expect(nearTies(check(4, 0.0002, 0.02))).toBeUndefined();
    expect(nearTies(check(4, -0.02))).toBeUndefined();
    expect(nearTies(check(6))).toBeUndefined();
  });
});

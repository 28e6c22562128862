import { describe, expect, it } from 'vitest';
import type { Verdict } from '../verdicts/judge.ts';
import { recordFolderName } from './folder-name.ts';
import { standings } from './standing.ts';

const verdict = (id: string, change: Partial<Verdict>): Verdict => ({
  id,
  statement: 'said',
  kind: 'ratio',
  role: 'claim',
  device: 'any',
  note: undefined,
  outcome: 'not-measured',
  reason: undefined,
  effects: [],
  missing: [],
  pSupport: undefined,
  pRefute: undefined,
  elsewhere: undefined,
  analogue: undefined,
  ...change,
});
const elsewhere = (outcome: 'carries-over' | 'does-not-carry-over' | 'undecided') =>
  ({ device: 'cpu', outcome, effects: [] }) as const;

describe('standings', () => {
  it('takes what carries over as holding here, and a stand-in for an engine as nothing', () => {
    const found = standings([
      verdict('a', { outcome: 'supported' }),
      verdict('b', { outcome: 'refuted' }),
      verdict('c', { outcome: 'undecided' }),
      verdict('d', {}),
      verdict('e', { elsewhere: elsewhere('carries-over') }),
      verdict('f', { elsewhere: elsewhere('does-not-carry-over') }),
      verdict('g', { elsewhere: elsewhere('undecided') }),
      verdict('h', { analogue: { ...elsewhere('carries-over'), engines: { FT: 'CT2' } } }),
    ]);
    const ids = Object.fromEntries(
      Object.entries(found).map(([key, of]) => [key, of.map(({ id }: Verdict) => id)]),
    );
    expect(ids).toEqual({
      holds: ['a', 'e'],
      doesNotHold: ['b', 'f'],
      undecided: ['c', 'g'],
      notMeasured: ['d', 'h'],
    });
  });
});

describe('recordFolderName', () => {
  it.each([
    ['Intel(R) Xeon(R) Platinum 8488C', '2026-intel-xeon-platinum-8488c'],
    ['13th Gen Intel(R) Core(TM) i9-13900KF', '2026-13th-gen-intel-core-i9-13900kf'],
    ['Intel(R) Xeon(R) CPU @ 2.80GHz', '2026-intel-xeon-2.80ghz'],
    ['AMD EPYC 7B13', '2026-amd-epyc-7b13'],
  ])('names the year and %s', (model, name) => {
    expect(recordFolderName('2026-12-01T00:00:00.000Z', model)).toBe(name);
  });
});

import { describe, expect, it } from 'vitest';
import { BASE_CELL } from '../../test/fixtures/synthetic-journal.ts';
import { cellKey } from '../axes/cell.ts';
import type { Claim } from './claim.ts';
import { judge } from './judge.ts';
import type { ObservedCell } from './observed.ts';

const observed = (engine: string, rounds: readonly number[]): ObservedCell => {
  const cell = { ...BASE_CELL, engine };
  const values = new Map([['throughput', new Map(rounds.map((value, round) => [round, value]))]]);
  return {
    cell,
    cellKey: cellKey(cell),
    label: engine,
    name: engine,
    state: { kind: 'measured', values, settings: {} },
  };
};

const engineOnly = (engine: string) => ({ engine: [engine], axes: {} });

const claim = (id: string, atMost: number): Claim => ({
  id,
  statement: id,
  kind: 'ratio',
  role: 'claim',
  device: 'any',
  note: undefined,
  analogues: {},
  parameters: { of: engineOnly('a'), to: engineOnly('b'), metric: 'throughput', atMost },
});

const world = {
  cells: [observed('a', [1.5, 1.6, 1.55]), observed('b', [1, 1, 1])],
  logicalCpus: 2,
};

describe('an undecided claim', () => {
  it('was said to have an interval that includes both where only the company of other claims left it undecided', () => {
    const [alone] = judge([claim('slower', 0.95)], world);
    expect(alone?.outcome).toBe('refuted');
    const many = judge(
      Array.from({ length: 80 }, (_, index) => claim(`slower-${index}`, 0.95)),
      world,
    );
    expect(many[0]?.outcome).toBe('undecided');
    expect(many[0]?.reason?.en).toContain('alone it would be refuted');
  });

  it('by itself is one whose data allow both', () => {
    const [one] = judge([claim('close', 1.55)], world);
    expect([one?.outcome, one?.reason?.en]).toEqual(['undecided', 'the data allow both']);
  });
});

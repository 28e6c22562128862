import { describe, expect, it } from 'vitest';
import { BASE_CELL } from '../../test/fixtures/synthetic-journal.ts';
import type { Cell } from '../axes/cell.ts';
import { equalTokens, firstDifferences, referenceNeeds } from './reference.ts';

const cell = (change: Partial<Cell>): Cell => ({
  ...BASE_CELL,
  engine: 'sim',
  inputTokens: 8,
  outputTokens: 4,
  ...change,
});

describe('referenceNeeds', () => {
  it('makes one reference for cells that share their prompts, large enough for all of them', () => {
    const needs = referenceNeeds([cell({ batch: 1, outputTokens: 8 }), cell({ batch: 4, precision: 'w8' })]);
    expect(needs.map(({ sequences, outputTokens }) => ({ sequences, outputTokens }))).toEqual([
      { sequences: 4, outputTokens: 8 },
    ]);
  });

  it('keeps prompts of different lengths apart, and bounds the cost', () => {
    const needs = referenceNeeds([
      cell({ inputTokens: 8 }),
      cell({ inputTokens: 16, batch: 64, outputTokens: 256 }),
    ]);
    expect(needs.map(({ sequences, outputTokens }) => [sequences, outputTokens])).toEqual([
      [1, 4],
      [16, 64],
    ]);
  });
});

describe('equalTokens', () => {
  it('counts positions up to the first difference of each sequence', () => {
    expect(
      equalTokens(
        [
          [1, 2, 9, 4],
          [5, 6],
        ],
        [
          [1, 2, 3, 4],
          [5, 6],
        ],
      ),
    ).toEqual({ equalPositions: 4, positions: 6 });
  });

  it('compares only what both have', () => {
    expect(equalTokens([[1, 2]], [[1, 2, 3], [7]])).toEqual({ equalPositions: 2, positions: 2 });
  });
});

describe('firstDifferences', () => {
  it('is where each sequence parts, within what both have', () => {
    expect(
      firstDifferences(
        [
          [1, 2, 9, 4],
          [5, 6],
          [7, 8, 9],
        ],
        [
          [1, 2, 3, 4],
          [5, 6],
          [7, 8],
        ],
      ),
    ).toEqual([{ sequence: 0, position: 2 }]);
  });
});

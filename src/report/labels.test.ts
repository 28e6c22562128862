import { describe, expect, it } from 'vitest';
import { BASE_CELL } from '../../test/fixtures/synthetic-journal.ts';
import type { Cell } from '../axes/cell.ts';
import { labelling, settingKey } from './labels.ts';

const alpha: Cell = BASE_CELL;
const beta: Cell = { ...BASE_CELL, engine: 'beta' };

describe('labelling', () => {
  it('prints only what varies, options within an engine', () => {
    const named = (cell: Cell) => ({ cell, engineLabel: cell.engine });
    const plain = { ...alpha, options: { attention: 'plain', graph: 'all' } };
    const fused = { ...alpha, options: { attention: 'fused', graph: 'all' } };
    const other = { ...beta, options: { graph: 'none' }, batch: 4 };
    const names = labelling([plain, fused, other].map(named));
    expect(names.columns.map(({ id }) => id)).toEqual(['engine', 'precision', 'options', 'batch']);
    expect([plain, fused, other].map((cell) => names.full(named(cell)))).toEqual([
      'alpha fp32 attention=plain, batch 1',
      'alpha fp32 attention=fused, batch 1',
      'beta fp32, batch 4',
    ]);
    expect(names.common).toContainEqual({ name: { en: 'model', ja: 'モデル' }, value: 'tiny' });
  });

  it('in a sentence leaves out what is usual, and still tells all cells apart', () => {
    const cells: Cell[] = [
      alpha,
      { ...alpha, model: 'other' },
      { ...alpha, batching: 'continuous', stop: 'natural', promptLengths: 'ragged', depthTokens: 8 },
      { ...alpha, device: 'cuda:0' },
    ];
    const named = (cell: Cell) => ({ cell, engineLabel: cell.engine });
    const names = labelling(cells.map(named));
    expect(cells.map((cell) => names.brief(named(cell)))).toEqual([
      'alpha fp32, tiny, device cpu',
      'alpha fp32, other, device cpu',
      'alpha fp32, tiny, device cpu, depth 8, batching continuous, stop natural, prompt lengths ragged',
      'alpha fp32, tiny, device cuda:0',
    ]);
  });

  it('lets engine, precision, options, threads and batch compete within a setting', () => {
    const other = { ...beta, precision: 'w4' as const, threads: 1, batch: 9, slots: 9, options: { a: 1 } };
    expect(settingKey(other)).toBe(settingKey(alpha));
    expect(settingKey({ ...alpha, inputTokens: 65 })).not.toBe(settingKey(alpha));
  });
});

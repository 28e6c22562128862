import { describe, expect, it } from 'vitest';
import { same } from '../../kernel/language.ts';
import { missing } from '../../kernel/maybe.ts';
import { missingLines } from './experiment-points.ts';

const cell = (series: string, reason: string) => ({
  cellKey: series,
  model: 'm',
  engine: series,
  series,
  position: 1,
  throughput: missing(same(reason)),
});

describe('what all figures of experiments share', () => {
  it('names missing cells by reason, series once, and breaks long lines', () => {
    const cells = [
      cell('PT', 'no GPU'),
      cell('PT', 'no GPU'),
      cell('BT', 'no GPU'),
      cell('FT', 'no adapter'),
    ];
    expect(missingLines(cells, 'en')).toEqual([
      '× not measured: no GPU: PT, BT (3)',
      '× not measured: no adapter: FT',
    ]);
    const many = Array.from({ length: 30 }, (_, index) => cell(`engine-${index}`, 'no GPU'));
    const lines = missingLines(many, 'en');
    expect(lines.length).toBeGreaterThan(1);
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(153);
    expect(lines.join(' ')).toContain('engine-29 (30)');
  });
});

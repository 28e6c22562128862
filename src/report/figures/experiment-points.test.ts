import { describe, expect, it } from 'vitest';
import { same } from '../../kernel/language.ts';
import { missing } from '../../kernel/maybe.ts';
import type { Report } from '../model.ts';
import { engineStyles, missingLines } from './experiment-points.ts';

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

  it('regression: engines beyond the sixth had the colour of another; in grey print markers and dashes tell 36 apart', () => {
    const stylesOf = (count: number) => {
      const cells = Array.from({ length: count }, (_, index) => cell(`engine-${index}`, 'no GPU'));
      const experiments = [{ cells }] as unknown as NonNullable<Report['experiments']>;
      return [...engineStyles({ experiments }).values()];
    };
    expect(new Set(stylesOf(10).map(({ colour }) => colour)).size).toBe(10);
    expect(new Set(stylesOf(36).map(({ marker, dash }) => `${marker} ${dash.join()}`)).size).toBe(36);
  });
});

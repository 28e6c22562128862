import { describe, expect, it } from 'vitest';
import { formatDuration } from './duration.ts';

describe('formatDuration', () => {
  it('names the two largest units', () => {
    expect([800, 48_400, 200_000, 7_500_000].map(formatDuration)).toEqual([
      '0.8 s',
      '48 s',
      '3 min 20 s',
      '2 h 5 min',
    ]);
  });
});

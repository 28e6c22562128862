import { expect, it } from 'vitest';
import { conversionTable } from '../../bench/conversion/table.ts';

it('a conversion that ran out of memory has its row, with what is known of it', () => {
  const one = {
    preset: 'open-calm-1b',
    dtype: 'F16',
    engine: 'optimum-onnxruntime',
    precision: 'fp16',
  } as const;
  const text = conversionTable('f.json', [
    {
      ...one,
      outcome: 'loaded',
      load_s: 61.25,
      peakResidentBytes: 12.3e9,
      stages_s: { export: 50, 'create-session': 9.06 },
      cacheBytesWritten: 2_900_000_000,
    },
    { ...one, outcome: 'out-of-memory', load_s: 30 },
  ]);
  expect(text.split('\n').filter((line) => line.includes('open-calm-1b'))).toEqual([
    expect.stringMatching(/loaded +\| 61.3 +\| export 50.0, create-session 9.1 \| 12.30 +\| 2.90 +\|$/),
    expect.stringMatching(/out-of-memory \| 30.0 +\| - +\| - +\| - +\|$/),
  ]);
});

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AXES, AXIS_KEYS, axisOf } from './registry.ts';
import { parseTokenTest } from './token-tests.ts';
import { MAXIMUM_VALUES, readValues } from './values.ts';

const values = (key: keyof typeof AXES, raw: unknown) => readValues(axisOf(key), raw);

describe('readValues', () => {
  it('reads a value, a range, powers of two, and lists of them without repeats', () => {
    expect(values('batch', 4)).toEqual({ kind: 'values', values: [4] });
    expect(values('batch', '1..4')).toEqual({ kind: 'values', values: [1, 2, 3, 4] });
    expect(values('inputTokens', '2^4..2^10')).toEqual({
      kind: 'values',
      values: [16, 32, 64, 128, 256, 512, 1024],
    });
    expect(values('batch', [1, '2^1..2^3', 8, '2^5'])).toEqual({ kind: 'values', values: [1, 2, 4, 8, 32] });
    expect(values('threads', ['all', '1..2'])).toEqual({ kind: 'values', values: ['all', 1, 2] });
  });

  it('names the entry of a list that is wrong', () => {
    expect(values('batch', [1, 'x', 0, '4..2'])).toEqual({
      kind: 'problems',
      problems: [
        { path: [1], message: expect.objectContaining({ en: 'neither a value nor a range' }), value: 'x' },
        { path: [2], message: expect.objectContaining({ en: 'not an allowed value' }), value: 0 },
        {
          path: [3],
          message: expect.objectContaining({ en: 'a range goes upwards: 2 is below 4' }),
          value: '4..2',
        },
      ],
    });
  });

  it('refuses empty lists, mixed ranges, and ranges out of bounds', () => {
    for (const raw of [[], '2^1..4', '0..3', '1..999999999', '2^0..2^40', null, {}, 1.5, -1]) {
      expect(values('batch', raw).kind).toBe('problems');
    }
  });

  it('never throws and never gives more than the maximum', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...AXIS_KEYS),
        fc.oneof(fc.jsonValue(), fc.stringMatching(/^(2\^)?\d{1,16}\.\.(2\^)?\d{1,16}$/)),
        (key, raw) => {
          const read = values(key, raw);
          if (read.kind === 'values') expect(read.values.length).toBeLessThanOrEqual(MAXIMUM_VALUES);
          else expect(read.problems.length).toBeGreaterThan(0);
        },
      ),
    );
  });

  it('accepts every axis’s own default', () => {
    for (const key of AXIS_KEYS) {
      expect(axisOf(key).key).toBe(key);
      expect(values(key, axisOf(key).default)).toEqual({ kind: 'values', values: [axisOf(key).default] });
    }
  });
});

describe('parseTokenTest', () => {
  it('maps tests of llama-bench to token counts', () => {
    expect(parseTokenTest('pp512')).toEqual({ inputTokens: 512, outputTokens: 1, depth: 0 });
    expect(parseTokenTest('tg128@4096')).toEqual({ inputTokens: 1, outputTokens: 128, depth: 4096 });
    expect(parseTokenTest('pg512,128@64')).toEqual({ inputTokens: 512, outputTokens: 128, depth: 64 });
  });

  it('refuses everything else', () => {
    for (const text of ['pp', 'pp0', 'tg-1', 'pp512@', 'pg512', 'xx1', 'pp9999999']) {
      expect(parseTokenTest(text)).toBeUndefined();
    }
  });
});

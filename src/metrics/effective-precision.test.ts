import { describe, expect, it } from 'vitest';
import { precisionKind } from '../models/precision.ts';
import { effectivePrecision } from './effective-precision.ts';

describe('effectivePrecision', () => {
  it('takes known formats from the engine and keeps the declared one for its own words', () => {
    const declared = precisionKind('w4').precision;
    const said = { weights: 'q4_K', activations: 'int8', kvCache: 'float16', compute: 'int32' };
    expect(effectivePrecision(said, declared)).toEqual({
      weights: 'int4',
      activations: 'int8',
      kvCache: 'float16',
      compute: 'int32',
      groupSize: 32,
    });
  });
});

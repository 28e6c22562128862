import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeShape } from '../models/architectures/registry.ts';
import { stepCost } from '../models/counts.ts';
import { PRECISION_NAMES, precisionKind } from '../models/precision.ts';
import { presetOf } from '../models/presets.ts';
import { stepModel } from './step-model.ts';

describe('stepModel', () => {
  it('equals the exact counts everywhere', () => {
    const description = describeShape(presetOf('tiny').shape);
    const count = fc.integer({ min: 1, max: 300 });
    fc.assert(
      fc.property(
        fc.constantFrom(...PRECISION_NAMES.filter((name) => precisionKind(name).weightBits !== undefined)),
        count,
        count,
        fc.nat(4096),
        (name, batch, newTokens, context) => {
          const { precision } = precisionKind(name);
          const exact = stepCost({
            description,
            precision,
            batch,
            newTokensPerSequence: newTokens,
            contextTokens: context,
          });
          const line = stepModel(description, precision);
          expect(line.flops(batch, newTokens, context)).toBe(exact.flops);
          expect(line.bytes(batch, newTokens, context)).toBeCloseTo(exact.totalBytes, 3);
        },
      ),
    );
  });
});

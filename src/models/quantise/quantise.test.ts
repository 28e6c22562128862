import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quantiseColumns } from './columns.ts';
import { quantiseGroups } from './groups.ts';

function groups(values: number[], bits: 8 | 4, groupSize: number) {
  const quantised = new Uint8Array((values.length * bits) / 8);
  const scales = new Float32Array(values.length / groupSize);
  quantiseGroups(Float32Array.from(values), bits, groupSize, quantised, scales);
  return { quantised: [...quantised], scales: [...scales] };
}

describe('quantiseGroups', () => {
  it('maps the largest magnitude of 8 bits to 127 steps from the zero point', () => {
    expect(groups([127, -127, 1, 0.4], 8, 4)).toEqual({ quantised: [255, 1, 129, 128], scales: [1] });
  });

  it('maps the value of largest magnitude of 4 bits to -8, low half first', () => {
    expect(groups([-8, 7, 1, 0], 4, 4)).toEqual({ quantised: [0xf0, 0x89], scales: [1] });
    expect(groups([8, -7, 0, 4], 4, 4)).toEqual({ quantised: [0xf0, 0x48], scales: [-1] });
  });

  it('leaves a group of zeros at the zero point', () => {
    expect(groups([0, 0], 8, 2)).toEqual({ quantised: [128, 128], scales: [0] });
    expect(groups([0, 0], 4, 2).quantised).toEqual([0x88]);
  });

  it('is never further off than one step (4 bits) or half a step (8 bits)', () => {
    const values = fc.array(fc.float({ min: -100, max: 100, noNaN: true, noDefaultInfinity: true }), {
      minLength: 16,
      maxLength: 16,
    });
    fc.assert(
      fc.property(values, (input) => {
        const exact = input.map(Math.fround);
        const eight = groups(exact, 8, 16);
        const four = groups(exact, 4, 16);
        for (const [i, value] of exact.entries()) {
          const scale8 = eight.scales[0]!;
          expect(Math.abs(scale8 * (eight.quantised[i]! - 128) - value)).toBeLessThanOrEqual(scale8 * 0.501);
          const scale4 = four.scales[0]!;
          const nibble = (four.quantised[i >> 1]! >> ((i & 1) * 4)) & 15;
          expect(Math.abs(scale4 * (nibble - 8) - value)).toBeLessThanOrEqual(Math.abs(scale4) * 1.001);
        }
      }),
    );
  });
});

describe('quantiseColumns', () => {
  it('transposes and scales each output on its own', () => {
    const quantised = new Int8Array(6);
    const scales = new Float32Array(2);
    // Outputs [127, -1, 63.5] and [0, 0, 254].
    quantiseColumns(Float32Array.of(127, -1, 63.5, 0, 0, 254), 2, 3, 0, 2, quantised, scales);
    expect([...quantised]).toEqual([127, 0, -1, 0, 64, 127]);
    expect([...scales]).toEqual([1, 2]);
  });

  it('gives the same in one piece and in many', () => {
    const [outputs, inputs] = [150, 7];
    const rows = Float32Array.from({ length: outputs * inputs }, (_, i) => Math.sin(i * i));
    const whole = { q: new Int8Array(rows.length), s: new Float32Array(outputs) };
    quantiseColumns(rows, outputs, inputs, 0, outputs, whole.q, whole.s);
    const pieces = { q: new Int8Array(rows.length), s: new Float32Array(outputs) };
    for (let first = 0; first < outputs; first += 40) {
      const count = Math.min(40, outputs - first);
      const part = rows.subarray(first * inputs, (first + count) * inputs);
      quantiseColumns(part, count, inputs, first, outputs, pieces.q, pieces.s);
    }
    expect(pieces).toEqual(whole);
  });
});

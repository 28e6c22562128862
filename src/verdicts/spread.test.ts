import { describe, expect, it } from 'vitest';
import { type Compared, spreadNotes } from './spread.ts';

const compared = (name: string, standardError: number, metric = 'throughput', weight = 1): Compared => ({
  terms: [
    { cell: { cellKey: `${name}-a` }, metric, weight },
    { cell: { cellKey: `${name}-b` }, metric, weight: -weight },
  ],
  error: { standardError, degrees: 2 },
  rounds: 3,
});

const ensemble = (metric = 'throughput', weight = 1): Compared[] =>
  Array.from({ length: 20 }, (_, index) =>
    compared(`pair ${index}`, weight * 0.02 * (1 + 0.4 * Math.sin(index)), metric, weight),
  );

describe('the spread of comparisons', () => {
  it('is noted as it is, and tested together with that of all others of its metric', () => {
    const { note, model } = spreadNotes();
    const all = ensemble();
    for (const one of all) expect(note(one)).toBe(one.error);
    const lucky = compared('lucky', 0.002);
    note(lucky);
    const found = model()(lucky);
    expect(found.degrees).toBeGreaterThan(6);
    expect(found.standardError).toBeGreaterThan(0.01);
    // Of another metric nothing is known.
    expect(model()(compared('lucky', 0.002, 'peak-memory'))).toEqual({ standardError: 0.002, degrees: 2 });
  });

  it('does not hang on weights, on the order of the sides, or on how many claims ask for it', () => {
    const once = spreadNotes();
    for (const one of ensemble()) once.note(one);
    const often = spreadNotes();
    for (const one of [...ensemble(), ...ensemble()]) {
      often.note(one);
      often.note({
        ...one,
        terms: [...one.terms].reverse().map((term) => ({ ...term, weight: -term.weight })),
      });
    }
    const probe = compared('probe', 0.001);
    expect(often.model()(probe)).toEqual(once.model()(probe));
    const doubled = spreadNotes();
    for (const one of ensemble('throughput', 2)) doubled.note(one);
    expect(doubled.model()(compared('probe', 0.002, 'throughput', 2)).standardError).toBeCloseTo(
      2 * once.model()(probe).standardError,
      12,
    );
  });

  it('keeps what does not vary at all certain', () => {
    const { note, model } = spreadNotes();
    for (const one of ensemble()) note(one);
    expect(model()(compared('exact', 0))).toEqual({ standardError: 0, degrees: 2 });
  });
});

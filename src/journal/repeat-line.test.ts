import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatRecord } from './append.ts';
import { NOISE_FIELDS, NOISE_FIGURES } from './noise-figures.ts';
import { type JournalRecord, recordSchema } from './records.ts';
import { repeatLineReader } from './repeat-line.ts';

type Repeat = Extract<JournalRecord, { readonly kind: 'repeat' }>;

const ns = fc.oneof(fc.nat(), fc.integer({ min: 0, max: 999_999_999_999_999 }));
const text = fc.oneof(fc.constantFrom('explore/0/0/2/0', 'a1b2'), fc.string());
const optional = <T>(values: fc.Arbitrary<T>) => fc.option(values, { nil: undefined });
const finite = fc.double({ noNaN: true, noDefaultInfinity: true });

const sequence = fc.record({
  inputTokens: fc.nat(),
  intended_ns: ns,
  queued_ns: ns,
  sent_ns: ns,
  events: fc.array(
    fc.record({
      firstStep: fc.nat(3),
      steps: fc.integer({ min: 1, max: 3 }),
      tokensPerStep: fc.integer({ min: 1, max: 2 }),
    }),
    { maxLength: 2 },
  ),
  end_ns: ns,
  finish: fc.constantFrom('length', 'stop', 'cancelled'),
  computedPadding: fc.nat(9),
  computedPromptPadding: optional(fc.nat(9)),
  newTokens: fc.nat(),
});

const noise = fc.record({
  window_ns: ns,
  ...Object.fromEntries(
    NOISE_FIELDS.map((field) => [
      field,
      optional(NOISE_FIGURES[field].quantity === 'count' ? fc.nat() : finite),
    ]),
  ),
});

/** Sequences of a batch are often equal, and neighbouring lines share texts: so here. */
const repeat = fc.record({
  kind: fc.constant('repeat'),
  launch: text,
  phase: fc.constantFrom('explore', 'confirm'),
  cellKey: text,
  repeat: fc.nat(),
  sample: fc.record({
    call: fc.record({ start_ns: ns, end_ns: ns }),
    steps_ns: fc.array(ns, { maxLength: 5 }),
    sequences: fc
      .tuple(fc.array(sequence, { maxLength: 2 }), fc.integer({ min: 1, max: 3 }))
      .map(([different, times]) => different.flatMap((one) => Array.from({ length: times }, () => one))),
    sampling_ns: optional(ns),
    tokensDigest: text,
  }),
  noise: optional(noise),
  disturbedBy: optional(fc.array(fc.constantFrom('foreign-cpu', 'steal'), { minLength: 1, maxLength: 2 })),
  remeasures: optional(fc.nat()),
}) as fc.Arbitrary<Repeat>;

/** What the schema makes of a line; undefined where it refuses it. */
function bySchema(line: string): JournalRecord | undefined {
  try {
    const parsed = recordSchema.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

const lineOf = (record: JournalRecord): string => formatRecord(record).trimEnd();

const reader = (): ((line: string) => Repeat | undefined) => {
  const read = repeatLineReader();
  return (line) => {
    const bytes = Buffer.from(`before\n${line}\nafter`, 'utf8');
    return read(bytes, 7, bytes.length - 6);
  };
};

describe('repeatLineReader', () => {
  it('reads what the schema reads, line after line', () => {
    fc.assert(
      fc.property(fc.array(repeat, { minLength: 1, maxLength: 4 }), (all) => {
        const read = reader();
        for (const record of all) {
          const line = lineOf(record);
          const found = read(line);
          if (found !== undefined) expect(found).toStrictEqual(bySchema(line));
        }
      }),
    );
  });

  it('leaves no line of plain text to the schema', () => {
    fc.assert(
      fc.property(repeat, (record) => {
        const plain = { ...record, launch: 'a/0', cellKey: 'c' };
        const line = lineOf({ ...plain, sample: { ...plain.sample, tokensDigest: 'd' } });
        expect(reader()(line)).toStrictEqual(bySchema(line));
      }),
    );
  });

  it('takes keys in any order', () => {
    fc.assert(
      fc.property(repeat, (record) => {
        const { kind, ...rest } = JSON.parse(lineOf({ ...record, launch: 'a' })) as Record<string, unknown>;
        const line = JSON.stringify({ kind, ...(reversed(rest) as object) });
        const found = reader()(line);
        if (found !== undefined) expect(found).toEqual(bySchema(line));
      }),
    );
  });

  it('accepts no damaged line that the schema refuses', () => {
    const damage = fc.record({
      at: fc.nat(),
      length: fc.nat(3),
      by: fc.constantFrom('', '0', '-', '"', ',', '}', '9'.repeat(16), ' ', '.5', 'e9'),
    });
    fc.assert(
      fc.property(repeat, damage, (record, { at, length, by }) => {
        const line = lineOf(record);
        const begin = at % line.length;
        const damaged = line.slice(0, begin) + by + line.slice(begin + length);
        const found = reader()(damaged);
        if (found !== undefined) expect(found).toStrictEqual(bySchema(damaged));
      }),
      { numRuns: 2000 },
    );
  });

  it('keeps one value of what neighbours have in common', () => {
    const [record] = fc.sample(repeat, { numRuns: 1, seed: 1 }) as [Repeat];
    const one = { ...sequenceOf(), events: [{ firstStep: 0, steps: 2, tokensPerStep: 1 }] };
    const line = lineOf({
      ...record,
      launch: 'a',
      cellKey: 'c',
      sample: { ...record.sample, tokensDigest: 'd', sequences: [one, one] },
    });
    const read = reader();
    const [first, second] = [read(line), read(line)];
    const [a, b] = first?.sample.sequences ?? [];
    expect(a).toBe(b);
    expect(second?.sample.sequences[0]?.events).toBe(a?.events);
  });
});

const sequenceOf = (): Repeat['sample']['sequences'][number] => ({
  inputTokens: 3,
  intended_ns: 1,
  queued_ns: 1,
  sent_ns: 2,
  events: [],
  end_ns: 20,
  finish: 'length',
  newTokens: 2,
  computedPadding: 0,
});

/** The same value with the keys of every object in reverse order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, reversed(inner)]),
  );
}

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatRecord } from './append.ts';
import { NOISE_FIELDS, NOISE_FIGURES } from './noise-figures.ts';
import { addRecord, packed, repeatPacker } from './pack-repeats.ts';
import { lineByLine } from './packed-repeats.ts';
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

const reader = (): ((line: string) => JournalRecord | undefined) => {
  const packer = repeatPacker();
  const read = repeatLineReader(packer);
  return (line) => {
    const bytes = Buffer.from(`before\n${line}\nafter`, 'utf8');
    const head = read(bytes, 7, bytes.length - 6);
    if (head === undefined) return undefined;
    packer.keep(head);
    const group = packer.close();
    return group === undefined ? undefined : lineByLine([group])[0];
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

  it('leaves keys in another order to the schema, those of a sequence excepted', () => {
    fc.assert(
      fc.property(repeat, (record) => {
        const { kind, ...rest } = JSON.parse(lineOf({ ...record, launch: 'a' })) as Record<string, unknown>;
        const line = JSON.stringify({ kind, ...(reversed(rest) as object) });
        expect(reader()(line)).toBeUndefined();
        const plain = { ...record, launch: 'a', cellKey: 'c' };
        const sequences = plain.sample.sequences.map((one) => reversed(one) as typeof one);
        const other = lineOf({ ...plain, sample: { ...plain.sample, sequences, tokensDigest: 'd' } });
        expect(reader()(other)).toStrictEqual(bySchema(other));
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
});

describe('packed repeats', () => {
  it('are the records that were packed, one group for what follows one another', () => {
    const numbered = fc.array(repeat, { maxLength: 6 }).map((all) =>
      all.map((one, index) => ({
        ...one,
        launch: 'a',
        cellKey: index < 3 ? 'c' : 'd',
        phase: 'explore' as const,
        repeat: index % 3,
      })),
    );
    fc.assert(
      fc.property(numbered, (records) => {
        const groups = packed(records);
        expect(groups).toHaveLength(Math.ceil(records.length / 3));
        const asWritten = (all: readonly JournalRecord[]): unknown => JSON.parse(JSON.stringify(all));
        expect(asWritten(lineByLine(groups))).toStrictEqual(asWritten(records));
      }),
    );
  });

  it('begin anew where a number is missing', () => {
    const [one] = fc.sample(repeat, { numRuns: 1, seed: 1 }) as [Repeat];
    const packer = repeatPacker();
    const keep = (number: number) => packer.keep(addRecord(packer, { ...one, repeat: number }))?.first;
    expect([keep(0), keep(1), keep(3), keep(4)]).toEqual([undefined, undefined, 0, undefined]);
    expect([packer.close()?.first, packer.close()]).toEqual([3, undefined]);
  });
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

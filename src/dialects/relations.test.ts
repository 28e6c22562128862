/** What the dialects say of their relation to ours is held against samples as engines give them. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BASE_CELL } from '../../test/fixtures/synthetic-journal.ts';
import type { JournalSample } from '../journal/record-parts.ts';
import { type Maybe, present } from '../kernel/maybe.ts';
import type { LaunchInput, RepeatInput } from '../metrics/metric.ts';
import { findMetric } from '../metrics/registry.ts';
import { precisionKind } from '../models/precision.ts';
import { presetOf } from '../models/presets.ts';
import { launchMetrics } from './dialect.ts';
import { DIALECTS, findDialect } from './registry.ts';
import { dialectRun } from './run.ts';

const shape = present(presetOf('open-calm-small').shape);
const { precision } = precisionKind('fp32');

/** Samples as engines give them: sequences of a batch with their own starts, events of one or more tokens. */
const samples: fc.Arbitrary<JournalSample> = fc
  .record({
    steps: fc.array(fc.integer({ min: 1, max: 1e9 }), { minLength: 8, maxLength: 12 }),
    sequences: fc.array(
      fc.record({
        wait: fc.nat(1000),
        firstStep: fc.nat(3),
        runs: fc.array(
          fc.record({ steps: fc.integer({ min: 1, max: 2 }), tokensPerStep: fc.integer({ min: 1, max: 3 }) }),
          { minLength: 1, maxLength: 2 },
        ),
        tail: fc.nat(1e6),
        inputTokens: fc.integer({ min: 1, max: 99 }),
      }),
      { minLength: 1, maxLength: 4 },
    ),
  })
  .map(({ steps, sequences }) => {
    let at = 10_000;
    const steps_ns = steps.map((gap) => (at += gap));
    const made = sequences.map(({ wait, firstStep, runs, tail, inputTokens }) => {
      let step = firstStep;
      const eventRuns = runs.map((run) => {
        const made = { firstStep: step, ...run };
        step += run.steps;
        return made;
      });
      const last_ns = steps_ns[step - 1] ?? at;
      return {
        inputTokens,
        intended_ns: 0,
        queued_ns: wait,
        sent_ns: wait,
        events: eventRuns,
        end_ns: last_ns + tail,
        finish: 'length' as const,
        newTokens: runs.reduce((sum, run) => sum + run.steps * run.tokensPerStep, 0),
        computedPadding: 0,
      };
    });
    const end_ns = Math.max(...made.map((one) => one.end_ns));
    return { call: { start_ns: 0, end_ns: end_ns + 7 }, steps_ns, sequences: made, tokensDigest: 'd' };
  });

/** Our metric over one repeat, and the peer's over the launch that holds nothing else. */
function both(
  own: string,
  dialectId: string,
  name: string,
  sample: JournalSample,
): [Maybe<number>, Maybe<number>] {
  const cell = { ...BASE_CELL, batch: sample.sequences.length, slots: sample.sequences.length };
  const repeat: RepeatInput = { cell, shape, precision, sample, roofs: undefined };
  const launch = { cell, samples: [sample] } as unknown as LaunchInput;
  const metric = findMetric(own);
  const dialect = findDialect(dialectId);
  const peer =
    dialect === undefined ? undefined : launchMetrics(dialect).find(({ title }) => title.en === name);
  if (metric === undefined || peer?.level !== 'launch') throw new Error(`${own} or ${name} is unknown`);
  return [metric.level === 'repeat' ? metric.compute(repeat) : metric.compute(launch), peer.compute(launch)];
}

describe('how the peers stand to ours', () => {
  const declared = DIALECTS.flatMap(({ id, metrics }) =>
    metrics.map(({ name, relation }) => ({ id, name, relation })),
  );

  it.each(
    declared.flatMap(({ id, name, relation }) =>
      relation.kind === 'same' ? [[id, name, relation.own] as const] : [],
    ),
  )('%s %s is the same number as our %s', (id, name, own) => {
    fc.assert(
      fc.property(samples, (sample) => {
        const [ours, theirs] = both(own, id, name, sample);
        // Of a sample in which our metric is undefined (one token each) a peer may still make something.
        if (ours.kind === 'value' && theirs.kind === 'value') {
          expect(Math.abs(theirs.value - ours.value)).toBeLessThanOrEqual(1e-9 * Math.abs(ours.value));
        } else expect(theirs.kind).toBe(ours.kind);
      }),
      { numRuns: 60 },
    );
  });

  it.each(
    declared.flatMap(({ id, name, relation }) =>
      relation.kind === 'differs' ? [[id, name, relation.own] as const] : [],
    ),
  )('%s %s is another number than our %s, on some sample', (id, name, own) => {
    const found = fc.sample(samples, { numRuns: 200, seed: 7 }).some((sample) => {
      const [ours, theirs] = both(own, id, name, sample);
      return (
        ours.kind !== theirs.kind ||
        (ours.kind === 'value' && theirs.kind === 'value' && Math.abs(theirs.value / ours.value - 1) > 1e-9)
      );
    });
    expect(found).toBe(true);
  });

  it('names metrics of ours that exist, and each of its own once', () => {
    for (const { metrics } of DIALECTS) {
      for (const { relation } of metrics) {
        if (relation.kind !== 'none') expect(findMetric(relation.own)?.id).toBe(relation.own);
      }
      const names = metrics.map(({ name }) => name);
      expect(new Set(names).size).toBe(names.length);
    }
    expect(new Set(DIALECTS.map(({ id }) => id)).size).toBe(DIALECTS.length);
  });

  it('leave cancelled sequences out', () => {
    const [sample] = fc.sample(samples, { numRuns: 1, seed: 3 });
    const cancelled = sample!.sequences.map((one) => ({ ...one, finish: 'cancelled' as const }));
    expect(dialectRun([{ ...sample!, sequences: cancelled }], 'cpu').calls).toEqual([{ requests: [] }]);
  });
});

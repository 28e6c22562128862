import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BASE_CELL, syntheticSample } from '../../test/fixtures/synthetic-journal.ts';
import type { Cell } from '../axes/cell.ts';
import type { JournalSample } from '../journal/record-parts.ts';
import { same } from '../kernel/language.ts';
import { type Maybe, missing, present, presentValue } from '../kernel/maybe.ts';
import { describeShape } from '../models/architectures/registry.ts';
import { stepCost } from '../models/counts.ts';
import { precisionKind } from '../models/precision.ts';
import { presetOf } from '../models/presets.ts';
import type { LaunchInput, RepeatInput } from './metric.ts';
import { findMetric, METRICS } from './registry.ts';

const { shape } = presetOf('open-calm-small');
const { precision } = precisionKind('fp32');
const cellOf = (change: Partial<Cell> = {}): Cell => ({ ...BASE_CELL, ...change });

const inputOf = (cell: Cell, sample: JournalSample, change: Partial<RepeatInput> = {}): RepeatInput => ({
  cell,
  shape: present(shape),
  precision,
  sample,
  roofs: { memoryReadBytesPerSecond: 40e9, matrixMultiplyFlops: { float32: 100e9 }, threads: 2 },
  ...change,
});

const launchOf = (change: Partial<LaunchInput> = {}): LaunchInput => ({
  cell: BASE_CELL,
  spawn_ns: 1_000_000_000n,
  ready_ns: 1_250_000_000n,
  load: { requested_ns: 1_300_000_000n, loaded_ns: 1_800_000_000n, cacheBytesWritten: 0, stages: [] },
  memory: present({ peakResidentBytes: 900, residentBytes: 800, proportionalBytes: 700 }),
  samples: [],
  ...change,
});

const whyMissing = (maybe: Maybe<number>) => (maybe.kind === 'missing' ? maybe.reason.en : undefined);
const atRepeat = (id: string, input: RepeatInput): Maybe<number> => {
  const metric = findMetric(id);
  if (metric?.level !== 'repeat') throw new Error(`${id} is not a metric of a repeat`);
  return metric.compute(input);
};
const atLaunch = (id: string, input: LaunchInput): Maybe<number> => {
  const metric = findMetric(id);
  if (metric?.level !== 'launch') throw new Error(`${id} is not a metric of a launch`);
  return metric.compute(input);
};

/** Batch 4, 64 in, 5 out: prefill 100 ms, steps of 25 ms, the call returns 1 us after the last token. */
const batch = cellOf({ batch: 4, slots: 4 });
const sample = syntheticSample(batch, 1000, 100_000_000, 25_000_000);
const input = inputOf(batch, sample);

describe('metrics of a repeat', () => {
  it('give exact numbers for a static batch', () => {
    const expected: Record<string, number> = {
      throughput: 20 / 0.2,
      'throughput-whole-call': 20 / 0.200001,
      'throughput-per-sequence': 25,
      ttft: 0.1,
      'ttft-response': 0.1,
      'prefill-rate': 2560,
      pp: 2560,
      tpot: 0.025,
      itl: 0.025,
      'decode-throughput': 160,
      tg: 160,
      e2e: 0.2,
      'e2e-response': 0.2,
    };
    for (const [id, value] of Object.entries(expected)) {
      expect([id, presentValue(atRepeat(id, input))]).toEqual([id, expect.closeTo(value, 9)]);
    }
  });

  it('price tokens by the window that made them, and the parts add up to the whole', () => {
    const priced = inputOf(batch, sample, { pricePerHour: 3.6 });
    const cost = (id: string) => presentValue(atRepeat(id, priced)) ?? Number.NaN;
    // 0.001 a second: 0.2 s for 20 new tokens, of them 0.1 s for 256 input tokens.
    expect(cost('cost-per-million-tokens')).toBeCloseTo((0.001 * 0.2 * 1e6) / 20, 9);
    expect(cost('cost-per-million-input-tokens')).toBeCloseTo((0.001 * 0.1 * 1e6) / 256, 9);
    expect(cost('cost-per-million-output-tokens')).toBeCloseTo((0.001 * 0.1 * 1e6) / 20, 9);
    expect(
      256 * cost('cost-per-million-input-tokens') + 20 * cost('cost-per-million-output-tokens'),
    ).toBeCloseTo(20 * cost('cost-per-million-tokens'), 9);
    expect(
      presentValue(atRepeat('cost-per-million-tokens', inputOf(batch, sample, { pricePerHour: 0 }))),
    ).toBe(0);
    expect(whyMissing(atRepeat('cost-per-million-tokens', input))).toBe(
      'the device has no price: pricePerHour in the study, or --price',
    );
    const queued = inputOf(cellOf({ batch: 4, slots: 2 }), sample, { pricePerHour: 3.6 });
    expect(atRepeat('cost-per-million-input-tokens', queued).kind).toBe('missing');
    expect(atRepeat('cost-per-million-tokens', queued).kind).toBe('value');
  });

  it('peer fault: unit slip in correction (1 / rate taken for milliseconds, and samples invented to fill the gap)', () => {
    // A server with a constant 100 ms, 25 requests, 5 a second: the "corrected" median of a known peer is 52 ms, of 2,578
    // samples. Here waiting is counted from the intended start, in nanoseconds like every stamp, and nothing is invented.
    const arrival_ns = 1e9 / 5;
    const requests = (late_ns: number): JournalSample => ({
      ...sample,
      sequences: Array.from({ length: 25 }, (_, i) => {
        const intended_ns = i * arrival_ns;
        const sent_ns = intended_ns + late_ns;
        const events = [{ firstStep: i, steps: 1, tokensPerStep: 1 }];
        return { ...sample.sequences[0]!, intended_ns, queued_ns: sent_ns, sent_ns, newTokens: 1, events };
      }),
      steps_ns: Array.from({ length: 25 }, (_, i) => i * arrival_ns + late_ns + 100e6),
    });
    for (const late_ns of [0, 50e6]) {
      const served = inputOf(cellOf({ batch: 25, slots: 25 }), requests(late_ns));
      expect(presentValue(atRepeat('ttft', served))).toBeCloseTo(0.1, 12);
      expect(presentValue(atRepeat('ttft-response', served))).toBeCloseTo(0.1 + late_ns / 1e9, 12);
      expect(atLaunch('itl-p95', launchOf({ samples: [served.sample] })).kind).toBe('missing');
    }
  });

  it('set decode against the roofs of the machine', () => {
    const context = { description: describeShape(shape), precision, batch: 4, newTokensPerSequence: 1 };
    // Four decode steps with 64, 65, 66, 67 tokens in the cache before.
    const cost = stepCost({ ...context, contextTokens: 65.5 });
    expect(presentValue(atRepeat('mbu', input))).toBeCloseTo(cost.totalBytes / 0.025 / 40e9, 12);
    expect(presentValue(atRepeat('roofline-share', input))).toBeCloseTo(
      Math.max(cost.totalBytes / 40e9, cost.flops / 100e9) / 0.025,
      12,
    );
    const prefill = stepCost({ ...context, newTokensPerSequence: 64, contextTokens: 0 });
    expect(presentValue(atRepeat('mfu', input))).toBeCloseTo(prefill.flops / 0.1 / 100e9, 12);
    for (const id of ['mbu', 'mfu', 'roofline-share']) {
      expect([id, atRepeat(id, { ...input, roofs: undefined }).kind]).toEqual([id, 'missing']);
      const mixed = { ...input, precision: { ...precision, weights: 'mixed' as const } };
      expect([id, atRepeat(id, mixed).kind]).toEqual([id, 'missing']);
    }
  });

  it('counts waiting for a slot in the response time only', () => {
    const late = sample.sequences.map((one) => ({ ...one, intended_ns: 0, sent_ns: 51_000 }));
    const waiting = { ...input, sample: { ...sample, sequences: late } };
    expect(presentValue(atRepeat('ttft', waiting))).toBeCloseTo(0.09995, 9);
    expect(presentValue(atRepeat('ttft-response', waiting))).toBeCloseTo(0.100001, 9);
    expect(presentValue(atRepeat('e2e-response', waiting))).toBeCloseTo(0.200001, 9);
  });

  it('shows what counting padding would make of sequences that end early', () => {
    const natural = cellOf({ batch: 2, slots: 2, stop: 'natural' });
    const whole = syntheticSample(natural, 0, 100_000_000, 25_000_000);
    const [first, second] = whole.sequences;
    const short = {
      ...second!,
      events: [{ firstStep: 0, steps: 2, tokensPerStep: 1 }],
      newTokens: 2,
      computedPadding: 3,
      finish: 'stop' as const,
    };
    const ragged = inputOf(natural, { ...whole, sequences: [first!, short] });
    expect(presentValue(atRepeat('throughput', ragged))).toBeCloseTo(7 / 0.2, 9);
    expect(presentValue(atRepeat('throughput-padding-counted', ragged))).toBeCloseTo(10 / 0.2, 9);
    expect(presentValue(atRepeat('throughput-padding-computed', ragged))).toBeCloseTo(10 / 0.2, 9);
    expect(presentValue(atRepeat('finished-rows-share', ragged))).toBeCloseTo(3 / 10, 12);
    expect(atRepeat('throughput-padding-counted', input).kind).toBe('missing');
    expect(whyMissing(atRepeat('mbu', ragged))).toBe('decode steps hold different numbers of sequences');
  });

  it('does not call prefill what alternates with decoding', () => {
    const queued = inputOf(cellOf({ batch: 4, slots: 2, batching: 'continuous' }), sample);
    expect(atRepeat('prefill-rate', queued).kind).toBe('missing');
    expect(atRepeat('mfu', queued).kind).toBe('missing');
  });

  it('counts characters only where a tokenizer decoded them', () => {
    expect(presentValue(atRepeat('characters-per-second', { ...input, decodedCharacters: 44 }))).toBeCloseTo(
      220,
      9,
    );
    expect(whyMissing(atRepeat('characters-per-second', input))).toBe('the model has no tokenizer');
    const tokens = sample.sequences.reduce((sum, { newTokens }) => sum + newTokens, 0);
    expect(atRepeat('characters-per-token', { ...input, decodedCharacters: 3 * tokens })).toEqual(present(3));
    expect(whyMissing(atRepeat('characters-per-token', input))).toBe('the model has no tokenizer');
  });

  it('peer fault: an undefined value is never 0', () => {
    const single = cellOf({ outputTokens: 1 });
    const one = inputOf(single, syntheticSample(single, 0, 10, 1));
    for (const id of ['tpot', 'itl', 'decode-throughput', 'tg', 'mbu', 'roofline-share']) {
      expect([id, atRepeat(id, one).kind]).toEqual([id, 'missing']);
    }
    const cancelled = sample.sequences.map((sequence) => ({ ...sequence, finish: 'cancelled' as const }));
    const empty = sample.sequences.map((sequence) => ({ ...sequence, events: [], newTokens: 0 }));
    for (const sequences of [cancelled, empty, []]) {
      for (const metric of METRICS) {
        if (metric.level !== 'repeat' || metric.id === 'itl') continue;
        const value = metric.compute({ ...input, sample: { ...sample, sequences }, decodedCharacters: 9 });
        expect([metric.id, value.kind]).toEqual([metric.id, 'missing']);
      }
    }
  });
});

describe('invariants of any sample', () => {
  const steps = fc.array(fc.integer({ min: 1, max: 1e9 }), { minLength: 2, maxLength: 40 });
  const anySample = fc
    .record({
      gaps: steps,
      starts: fc.array(fc.double({ min: 0, max: 0.99, noNaN: true }), { minLength: 1, maxLength: 6 }),
    })
    .map(({ gaps, starts }): { cell: Cell; sample: JournalSample } => {
      let at = 1000;
      const steps_ns = gaps.map((gap) => {
        at += gap;
        return at;
      });
      const sequences = starts.map((start) => {
        const firstStep = Math.floor(start * (steps_ns.length - 1));
        const count = Math.max(1, Math.ceil((steps_ns.length - firstStep) / 2));
        return {
          inputTokens: 3,
          intended_ns: 0,
          queued_ns: 0,
          sent_ns: 1000,
          events: [
            { firstStep, steps: 1, tokensPerStep: 1 },
            ...(count > 1 ? [{ firstStep: firstStep + 1, steps: count - 1, tokensPerStep: 2 }] : []),
          ],
          end_ns: steps_ns[firstStep + count - 1]!,
          finish: 'stop' as const,
          newTokens: 1 + 2 * (count - 1),
          computedPadding: 0,
        };
      });
      const cell = cellOf({
        batch: sequences.length,
        slots: sequences.length,
        outputTokens: 80,
        stop: 'natural',
      });
      return {
        cell,
        sample: { call: { start_ns: 900, end_ns: at + 5 }, steps_ns, sequences, tokensDigest: 'd' },
      };
    });

  it('sum of ITL = E2E - TTFT for each sequence', () => {
    fc.assert(
      fc.property(anySample, ({ cell, sample: any }) => {
        for (const sequence of any.sequences) {
          const alone = inputOf(cell, { ...any, sequences: [sequence] });
          const events = sequence.events.flatMap((run) =>
            Array.from({ length: run.steps }, (_, i) => any.steps_ns[run.firstStep + i]!),
          );
          const gaps = events.slice(1).map((stamp, i) => stamp - events[i]!);
          const difference = presentValue(atRepeat('e2e', alone))! - presentValue(atRepeat('ttft', alone))!;
          expect(difference * 1e9).toBeCloseTo(
            gaps.reduce((a, b) => a + b, 0),
            3,
          );
        }
      }),
    );
  });

  it("throughput's window lies in the call's, padding only adds, and the per-sequence value is its share", () => {
    fc.assert(
      fc.property(anySample, ({ cell, sample: any }) => {
        const one = inputOf(cell, any);
        const honest = presentValue(atRepeat('throughput', one))!;
        expect(honest).toBeGreaterThanOrEqual(presentValue(atRepeat('throughput-whole-call', one))!);
        expect(presentValue(atRepeat('throughput-padding-counted', one))!).toBeGreaterThanOrEqual(honest);
        expect(presentValue(atRepeat('throughput-padding-computed', one))!).toBe(honest);
        expect(
          (presentValue(atRepeat('throughput-per-sequence', one))! * any.sequences.length) / honest,
        ).toBeCloseTo(1, 9);
      }),
    );
  });

  it('every value that is present is finite, and positive where it is no share of padding', () => {
    const mayBeZero = new Set(['finished-rows-share', 'prompt-padding-share']);
    fc.assert(
      fc.property(anySample, ({ cell, sample: any }) => {
        for (const metric of METRICS) {
          if (metric.level !== 'repeat') continue;
          const value = metric.compute(inputOf(cell, any));
          if (value.kind === 'value') {
            const inRange = mayBeZero.has(metric.id) ? value.value >= 0 && value.value < 1 : value.value > 0;
            expect([metric.id, inRange && Number.isFinite(value.value)]).toEqual([metric.id, true]);
          } else expect(value.reason.en).not.toBe('');
        }
      }),
    );
  });
});

describe('metrics of a launch', () => {
  it('time the load from the process and from the request', () => {
    expect(atLaunch('load-time', launchOf())).toEqual(present(0.8));
    expect(atLaunch('model-load-time', launchOf())).toEqual(present(0.5));
    expect(atLaunch('process-start-time', launchOf())).toEqual(present(0.25));
  });

  it('leave out the load of the launch that converted the weights', () => {
    const load = { requested_ns: 0n, loaded_ns: 90_000_000_000n, cacheBytesWritten: 1, stages: [] };
    expect(atLaunch('load-time', launchOf({ load })).kind).toBe('missing');
    expect(atLaunch('model-load-time', launchOf({ load: undefined })).kind).toBe('missing');
  });

  it('tell conversion from load, in the launch that converted', () => {
    const stages = [
      { name: 'open-checkpoint', start_ns: 0, end_ns: 5 },
      { name: 'quantise', start_ns: 5, end_ns: 2_000_000_005 },
    ];
    const load = { requested_ns: 0n, loaded_ns: 9n, cacheBytesWritten: 77, stages };
    expect(atLaunch('conversion-time', launchOf({ load }))).toEqual(present(2));
    expect(atLaunch('conversion-bytes', launchOf({ load }))).toEqual(present(77));
    expect(atLaunch('conversion-time', launchOf()).kind).toBe('missing');
    expect(atLaunch('conversion-bytes', launchOf()).kind).toBe('missing');
  });

  it('take the shared part off the high-water mark', () => {
    expect(atLaunch('peak-memory', launchOf())).toEqual(present(800));
    const gone = missing(same('no /proc'));
    expect(atLaunch('peak-memory', launchOf({ memory: gone }))).toEqual(gone);
    const memory = present({ peakResidentBytes: 900, residentBytes: 800 });
    expect(atLaunch('peak-memory', launchOf({ memory })).kind).toBe('missing');
  });

  it('print a percentile only from enough distinct steps', () => {
    // Four sequences share each stamp: 4 distinct gaps per repeat, whatever the batch.
    const samples = (count: number) => Array.from({ length: count }, () => sample);
    expect(whyMissing(atLaunch('itl-p95', launchOf({ samples: samples(22) })))).toBe(
      'needs 90 distinct steps for confidence 0.99, has 88: the largest, 25.00 ms, bounds the 94.9th percentile',
    );
    expect(atLaunch('itl-p95-bound', launchOf({ samples: samples(22) }))).toEqual(
      atLaunch('itl-p95', launchOf({ samples: samples(22) })),
    );
    expect(atLaunch('itl-p95', launchOf()).kind).toBe('missing');
    expect(atLaunch('itl-p95', launchOf({ samples: samples(23) }))).toEqual(present(0.025));
    expect(atLaunch('itl-p95-bound', launchOf({ samples: samples(23) }))).toEqual(present(0.025));
    expect(atLaunch('itl-p99', launchOf({ samples: samples(23) })).kind).toBe('missing');
  });

  it('say why energy and tokenisation are absent', () => {
    for (const id of ['energy-per-token', 'tokenisation-tokens']) {
      expect([id, atLaunch(id, launchOf()).kind]).toEqual([id, 'missing']);
    }
    const tokenisation = { characters: 200, tokens: 100, elapsed_ns: 1e6 };
    expect(atLaunch('tokenisation-tokens', launchOf({ tokenisation }))).toEqual(present(100_000));
    expect(atLaunch('tokenisation-characters', launchOf({ tokenisation }))).toEqual(present(200_000));
  });
});

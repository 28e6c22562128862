import { describe, expect, it } from 'vitest';
import { BASE_CELL, syntheticSample } from '../../test/fixtures/synthetic-journal.ts';
import type { Transfer, WorkerHandle } from '../executors/executor.ts';
import { testHost } from '../host/test-host.ts';
import type { Noise } from '../journal/record-parts.ts';
import type { JournalRecord } from '../journal/records.ts';
import { same } from '../kernel/language.ts';
import { missing } from '../kernel/maybe.ts';
import { disturbances } from '../noise/disturbance.ts';
import type { Sample } from '../protocol/sample.ts';
import { mayRemeasure } from '../schedule/remeasure.ts';
import { measureCell } from './measure-cell.ts';
import { timeLimit } from './time-limit.ts';

const SECOND = 1_000_000_000;
const QUIET = 0.01;
const LOUD = 0.7;

/** Measures one cell whose generations last a second; `foreign` is the foreign CPU share of each repeat in order. */
async function measure(foreign: readonly number[], repeats: number, remaining_ms?: number) {
  const { clock } = testHost();
  const records: JournalRecord[] = [];
  const order: string[] = [];
  let gauged = 0;
  const {
    tokensDigest: _digest,
    sequences,
    ...stamps
  } = syntheticSample(BASE_CELL, 0, SECOND / 2, SECOND / 20);
  const sample: Sample = {
    ...stamps,
    sequences: sequences.map(({ newTokens: _n, ...one }) => ({ ...one, tokens: [1] })),
  };
  const handle = {
    pid: 7,
    generate: async (_request: unknown, _onTokens: undefined, transfer?: Transfer) => {
      transfer?.sent();
      order.push('generate');
      clock.advance_ns(BigInt(SECOND));
      transfer?.answered();
      return { kind: 'ok', value: sample };
    },
  } as unknown as WorkerHandle;
  const request = {
    prompts: [[1]],
    depthTokens: 0,
    outputTokens: [1],
    batching: 'static' as const,
    slots: 1,
    stopTokens: [],
    deadline_ms: 1000,
  };
  const result = await measureCell(handle, 'c', request, {
    clock,
    launch: 'l',
    phase: 'explore',
    record: (record) => records.push(record),
    onRepeat: () => {},
    interrupted: () => false,
    time: { ...timeLimit(undefined, () => 0), left_ms: () => remaining_ms },
    policy: {
      repeats,
      maximumRepeats: 5,
      minimumWindow_ms: 1,
      maximumWarmUps: 1,
      warmUpTokens: 1,
      isSteady: () => true,
      disturbances,
      mayRemeasure,
    },
    gauges: {
      resetMemory: () => {},
      readMemory: () => missing(same('not here')),
      openNoiseWindow: () => () => ({ window_ns: 0 }),
      openRepeat: () => {
        order.push('open');
        return {
          sent: () => order.push('sent'),
          answered: () => order.push('answered'),
          close: (): Noise => {
            order.push('close');
            const foreignCpuShare = foreign[gauged] ?? QUIET;
            gauged += 1;
            return { window_ns: SECOND, foreignCpuShare };
          },
        };
      },
    },
  });
  const marks = records.flatMap((record) =>
    record.kind === 'repeat' ? [[record.repeat, record.disturbedBy?.join() ?? '', record.remeasures]] : [],
  );
  return { result, marks, order };
}

describe('measureCell', () => {
  it('gauges each repeat before it is asked for and after its answer, never in between', async () => {
    const { order, marks } = await measure([], 2);
    expect(order).toEqual([
      'generate',
      ...['open', 'sent', 'generate', 'answered', 'close'],
      ...['open', 'sent', 'generate', 'answered', 'close'],
    ]);
    expect(marks).toEqual([
      [0, '', undefined],
      [1, '', undefined],
    ]);
  });

  it('marks a disturbed repeat and measures it again at once', async () => {
    const { marks } = await measure([QUIET, LOUD, QUIET, QUIET], 3);
    expect(marks).toEqual([
      [0, '', undefined],
      [1, 'foreign-cpu', undefined],
      [2, '', 1],
      [3, '', undefined],
    ]);
  });

  it('gives up after two repeats more, and goes on with marks', async () => {
    const { marks, result } = await measure([LOUD, LOUD, LOUD, LOUD, QUIET], 3);
    expect(marks).toEqual([
      [0, 'foreign-cpu', undefined],
      [1, 'foreign-cpu', 0],
      [2, 'foreign-cpu', 0],
      [3, 'foreign-cpu', undefined],
      [4, '', undefined],
    ]);
    expect(result).toMatchObject({ kind: 'measured', repeats: 5 });
  });

  it('measures nothing again that takes more than a tenth of the time left', async () => {
    expect((await measure([LOUD], 1, 10_001)).marks).toHaveLength(2);
    expect((await measure([LOUD], 1, 9_999)).marks).toEqual([[0, 'foreign-cpu', undefined]]);
  });
});

import { describe, expect, it } from 'vitest';
import { valueOrThrow } from '../../../test/support/local-worker.ts';
import { SIMULATED_LOAD, startSimulated } from '../../../test/support/simulated-worker.ts';
import { greedyTokens } from '../../engines/sim/language.ts';
import { failureWords } from '../../protocol/failure.ts';
import type { WorkerHandle } from '../executor.ts';

const generation = {
  prompts: [
    [1, 2, 3],
    [4, 5, 6, 7],
  ],
  depthTokens: 0,
  outputTokens: [3, 3],
  batching: 'static' as const,
  slots: 2,
  stopTokens: [] as number[],
  deadline_ms: 60_000,
};
const costs = { load_ns: 7_000, prefill_ns: 10, step_ns: 1_000, sequence_ns: 100 };

async function launch(options: Record<string, string | number>, precision = 'fp32') {
  const { host, handle } = await startSimulated();
  const request = { ...SIMULATED_LOAD, precision, options: { ...costs, ...options } };
  const loaded = await handle.load(request, 60_000);
  return { host, handle, loaded };
}

const causeOf = async (outcome: ReturnType<WorkerHandle['generate']>): Promise<string> => {
  const result = await outcome;
  return result.kind === 'failed' ? failureWords(result.failure).en : 'ok';
};

describe('sim engine in-process', () => {
  it('takes exactly what its cost model says, static', async () => {
    const { host, handle, loaded } = await launch({});
    expect(valueOrThrow(loaded).stages).toEqual([{ name: 'load', start_ns: 0, end_ns: 7_000 }]);
    const sample = valueOrThrow(await handle.generate(generation));
    // prefill of two prompts as long as the longest, 2 * 4 * 10, then steps of 1000 + 2 * 100
    expect(sample.call).toEqual({ start_ns: 7_000, end_ns: 7_000 + 80 + 1_200 + 1_200 });
    expect(sample.steps_ns).toEqual([7_080, 8_280, 9_480]);
    expect(sample.sequences[1]).toEqual({
      inputTokens: 4,
      intended_ns: 7_000,
      queued_ns: 7_000,
      sent_ns: 7_000,
      events: [{ firstStep: 0, steps: 3, tokensPerStep: 1 }],
      end_ns: 9_480,
      finish: 'length',
      tokens: greedyTokens([4, 5, 6, 7], 3, 50_000),
      computedPadding: 0,
      computedPromptPadding: 0,
    });
    expect(host.clock.monotonic_ns()).toBe(1_009_480n);
    expect((await handle.stop()).ended).toBe('graceful');
  });

  it('computes padding after a natural stop, static', async () => {
    const { handle } = await launch({});
    const [first, second] = greedyTokens([1, 2, 3], 2, 50_000);
    const sample = valueOrThrow(await handle.generate({ ...generation, stopTokens: [second!] }));
    expect(sample.sequences.map(({ finish, computedPadding }) => [finish, computedPadding])).toEqual([
      ['stop', 1],
      ['length', 0],
    ]);
    expect(sample.sequences[0]?.tokens).toEqual([first, second]);
  });

  it('fills a free slot with a waiting prompt, continuous', async () => {
    const { handle } = await launch({});
    const sample = valueOrThrow(
      await handle.generate({
        ...generation,
        prompts: [[1], [2, 3], [4]],
        outputTokens: [2, 3, 2],
        batching: 'continuous',
      }),
    );
    const at = (...parts: number[]) => 7_000 + parts.reduce((a, b) => a + b);
    expect(sample.steps_ns).toEqual([
      at(10),
      at(10, 20),
      at(10, 20, 1_200),
      at(10, 20, 1_200, 10),
      at(10, 20, 1_200, 10, 1_200),
    ]);
    expect(sample.sequences.map(({ sent_ns }) => sent_ns)).toEqual([7_000, 7_010, 8_230]);
    expect(sample.sequences.map(({ events }) => events.map((run) => [run.firstStep, run.steps]))).toEqual([
      [
        [0, 1],
        [2, 1],
      ],
      [
        [1, 2],
        [4, 1],
      ],
      [[3, 2]],
    ]);
    expect(sample.sequences[2]?.tokens).toEqual(greedyTokens([4], 2, 50_000));
  });

  it('fills the context at a depth outside the timed region', async () => {
    const { handle } = await launch({});
    const sample = valueOrThrow(await handle.generate({ ...generation, depthTokens: 100 }));
    expect(sample.call.start_ns).toBe(7_000 + 2 * 100 * 10);
  });

  it('reads fewer bytes with fewer bits', async () => {
    const { handle } = await launch({}, 'w4');
    const sample = valueOrThrow(await handle.generate(generation));
    expect(sample.steps_ns).toEqual([7_080, 7_405, 7_730]);
  });

  it('reports its faults as values', async () => {
    const outOfMemory = await launch({ outOfMemoryAbove: 1 });
    expect(await causeOf(outOfMemory.handle.generate(generation))).toMatch(/^out-of-memory: /);
    const crash = await launch({ fault: 'crash', faultAt: 1 });
    expect(await causeOf(crash.handle.generate(generation))).toBe('ok');
    expect(await causeOf(crash.handle.generate(generation))).toMatch(/^crash: /);
    const hang = await launch({ fault: 'hang' });
    expect(await causeOf(hang.handle.generate(generation))).toMatch(/^timeout: /);
    expect((await launch({ fault: 'exit-at-load' })).loaded.kind).toBe('failed');
    const wrong = await launch({ fault: 'wrong-tokens' });
    const [first] = valueOrThrow(await wrong.handle.generate(generation)).sequences;
    expect(first?.tokens[0]).toBe((greedyTokens([1, 2, 3], 1, 50_000)[0]! + 1) % 50_000);
  });

  it('ends a generation at its deadline', async () => {
    const { handle } = await launch({});
    expect(await causeOf(handle.generate({ ...generation, deadline_ms: 0.001 }))).toBe(
      'timeout: not finished after 0.001 ms',
    );
  });

  it('refuses what the model cannot take', async () => {
    const { handle } = await launch({ vocabularySize: 10, maximumPositions: 8 });
    expect(await causeOf(handle.generate({ ...generation, prompts: [[11], [1]] }))).toBe(
      'unsupported: token id 11 of sequence 0 is outside the vocabulary of 10',
    );
    expect(await causeOf(handle.generate({ ...generation, outputTokens: [6, 1] }))).toBe(
      'unsupported: sequence 0 needs 9 positions, the model has 8',
    );
  });

  it('scores its own tokens as equal', async () => {
    const { handle } = await launch({});
    const continuation = greedyTokens([1, 2], 4, 50_000);
    const request = { prompts: [[1, 2]], continuations: [continuation], deadline_ms: 1_000 };
    expect(valueOrThrow(await handle.score(request))).toEqual({
      equalPositions: 4,
      positions: 4,
      logLikelihoods: [4 * Math.LN2 - 4 * (Math.log(50_000) + 1 / 32)],
    });
  });
});

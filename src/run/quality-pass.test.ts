import { describe, expect, it } from 'vitest';
import { simDeclaration } from '../engines/sim/declaration.ts';
import { createExecutor, defaultExecutorId } from '../executors/registry.ts';
import { testHost } from '../host/test-host.ts';
import { comparedWindows, scoreWindows } from './quality-pass.ts';

const windows = [
  { context: [1], tokens: [2, 3, 4], characters: 5 },
  { context: [1, 2, 3, 4], tokens: [5], characters: 2 },
];

function score(
  precision: string,
  options: Record<string, string | number> = {},
  interrupted = (): boolean => false,
) {
  const executor = createExecutor(defaultExecutorId(simDeclaration), testHost());
  return scoreWindows(
    {
      declaration: simDeclaration,
      engineVersion: undefined,
      environment: {},
      load: {
        modelPath: '/models/tiny',
        precision,
        options: { vocabularySize: 1024, ...options },
        threads: 1,
        device: 'cpu',
        cacheFolder: '/cache',
        limits: { slots: 1, positionsPerSlot: 8 },
      },
      windows,
      logits: undefined,
      interrupted,
    },
    executor,
    () => {},
  );
}

describe('scoreWindows', () => {
  it('gives the log-likelihood of each window: the simulated model knows nothing, with fewer bits even less', async () => {
    const token = -(Math.log(1024) + 1 / 4);
    expect(await score('w4')).toMatchObject({
      kind: 'ok',
      value: { scores: { logLikelihoods: [3 * token, token] } },
    });
  });

  it('ends between two windows where it is interrupted', async () => {
    let asked = 0;
    const afterTheFirst = (): boolean => {
      asked += 1;
      return asked > 1;
    };
    expect(await score('w4', {}, afterTheFirst)).toMatchObject({
      kind: 'failed',
      failure: { cause: 'cancelled' },
    });
    expect(asked).toBe(2);
  });

  it('hands back why a load failed', async () => {
    expect(await score('w4', { fault: 'exit-at-load' })).toMatchObject({
      kind: 'failed',
      failure: { cause: 'crash' },
    });
  });
});

describe('comparedWindows', () => {
  it('takes the first windows whose logits fit into 512 MiB', () => {
    expect(comparedWindows(windows, 50_000)).toBe(2);
    // 3 positions of 2^25 values of 4 bytes: 384 MiB; a fourth makes 512 MiB exactly.
    expect(comparedWindows(windows, 2 ** 25)).toBe(2);
    expect(comparedWindows(windows, 2 ** 25 + 1)).toBe(1);
    expect(comparedWindows(windows, 2 ** 30)).toBe(0);
  });
});

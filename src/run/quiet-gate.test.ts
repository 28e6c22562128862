import { describe, expect, it } from 'vitest';
import { testHost } from '../host/test-host.ts';
import { awaitQuiet } from './quiet-gate.ts';
import { windowsOf } from './simulated-windows.ts';

/** Waits on a machine whose seconds have these foreign CPU shares. */
async function wait(shares: readonly (number | undefined)[], bound_ms = 30_000, abort = false) {
  const { clock } = testHost();
  const controller = new AbortController();
  const waits: number[] = [];
  if (abort) controller.abort();
  const record = await awaitQuiet('l', {
    clock,
    bound_ms,
    signal: controller.signal,
    openWindow: windowsOf(shares),
    onWait: (_, waited_ms) => waits.push(waited_ms),
  });
  return { outcome: record.outcome, waited_s: record.waited_ns / 1e9, waits };
}

describe('awaitQuiet', () => {
  it('goes on after one quiet second', async () => {
    expect(await wait([0.02])).toEqual({ outcome: 'quiet', waited_s: 1, waits: [] });
  });

  it('waits while others compute', async () => {
    expect(await wait([0.8, 0.4, 0.05])).toEqual({ outcome: 'quiet', waited_s: 3, waits: [1000, 2000] });
  });

  it('goes on with a mark when the bound is reached', async () => {
    expect(await wait([0.8], 4_000)).toEqual({
      outcome: 'bound-reached',
      waited_s: 4,
      waits: [1000, 2000, 3000],
    });
  });

  it('waits for nothing that cannot be read, and for nobody who has gone', async () => {
    expect(await wait([undefined])).toMatchObject({ outcome: 'not-readable', waited_s: 1 });
    expect(await wait([0.8], 30_000, true)).toMatchObject({ outcome: 'interrupted', waited_s: 0 });
  });
});

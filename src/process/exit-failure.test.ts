import { describe, expect, it } from 'vitest';
import { exitFailure } from './exit-failure.ts';

const none = { vmstat: undefined, cgroupEvents: undefined };
const events = (vmstat: number, cgroup: number) => ({
  vmstat: `nr_free_pages 5\noom_kill ${vmstat}\n`,
  cgroupEvents: `low 0\noom 9\noom_kill ${cgroup}\n`,
});

describe('exitFailure', () => {
  it('guesses out of memory only where the kernel counted a kill meanwhile, and says that it guesses', () => {
    const killed = { kind: 'signalled', signal: 'SIGKILL' } as const;
    expect(exitFailure(killed, '', events(1, 1), events(1, 2))).toMatchObject({
      cause: 'out-of-memory',
      message: {
        en: expect.stringContaining('a guess') as string,
        ja: expect.stringContaining('推測') as string,
      },
    });
    expect(exitFailure(killed, '', events(1, 1), events(1, 1))).toEqual({
      cause: 'crash',
      message: {
        en: 'the worker was ended by SIGKILL',
        ja: 'ワーカーが SIGKILL で終わらされました',
      },
    });
    expect(exitFailure(killed, '', none, none).cause).toBe('crash');
    expect(exitFailure({ kind: 'signalled', signal: 'SIGSEGV' }, '', events(1, 1), events(2, 2)).cause).toBe(
      'crash',
    );
  });

  it('takes the last words of the C++ runtime for what they say', () => {
    const aborted = { kind: 'signalled', signal: 'SIGABRT' } as const;
    expect(exitFailure(aborted, 'what():  std::bad_alloc', none, none)).toEqual({
      cause: 'out-of-memory',
      message: {
        en: 'the worker was ended by SIGABRT',
        ja: 'ワーカーが SIGABRT で終わらされました',
      },
      stderrTail: 'what():  std::bad_alloc',
    });
  });
});

/**
 * Why a worker that ended by itself gave no answer. The kernel tells nobody whom its out-of-memory killer chose: the
 * counters before and after are evidence, and a conclusion from them is called a guess.
 */
import type { ProcessExit } from '../host/processes.ts';
import type { Failure } from '../protocol/failure.ts';
import { ASK_FOR_LESS, saysOutOfMemory } from '../protocol/out-of-memory.ts';

/** `oom_kill` counters of the machine and of the control group, as text of their files; undefined where unreadable. */
export interface MemoryEvents {
  readonly vmstat: string | undefined;
  readonly cgroupEvents: string | undefined;
}

export function exitFailure(
  exit: ProcessExit,
  stderrTail: string,
  before: MemoryEvents,
  after: MemoryEvents,
): Failure {
  const tail = stderrTail === '' ? {} : { stderrTail };
  switch (exit.kind) {
    case 'not-started':
      return {
        cause: 'crash',
        message: {
          en: `the worker did not start: ${exit.message}`,
          ja: `ワーカーが起動しません: ${exit.message}`,
        },
        ...tail,
      };
    case 'exited':
      return {
        cause: causeOf(stderrTail),
        message: {
          en: `the worker exited with code ${exit.code}`,
          ja: `ワーカーがコード ${exit.code} で終わりました`,
        },
        ...tail,
      };
    case 'signalled': {
      if (exit.signal === 'SIGKILL' && killCount(after) > killCount(before)) {
        return {
          cause: 'out-of-memory',
          message: {
            en: 'the worker was killed (SIGKILL); a guess: by the kernel, which ran out of memory then',
            ja: 'ワーカーが強制終了されました（SIGKILL）。推測: その時メモリの尽きたカーネルによるもの',
          },
          hint: ASK_FOR_LESS,
          ...tail,
        };
      }
      return {
        cause: causeOf(stderrTail),
        message: {
          en: `the worker was ended by ${exit.signal}`,
          ja: `ワーカーが ${exit.signal} で終わらされました`,
        },
        ...tail,
      };
    }
  }
}

function causeOf(stderrTail: string): 'out-of-memory' | 'crash' {
  return saysOutOfMemory(stderrTail) ? 'out-of-memory' : 'crash';
}

/** Kills counted by the machine and by the control group together; only a difference means anything. */
function killCount(events: MemoryEvents): number {
  const count = (text: string | undefined): number => Number(text?.match(/^oom_kill (\d+)$/m)?.[1] ?? 0);
  return count(events.vmstat) + count(events.cgroupEvents);
}

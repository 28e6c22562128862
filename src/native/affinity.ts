/**
 * Which CPUs threads are pinned to, and the pinning of the calling thread (Linux: sched_setaffinity(2)). A thread that
 * stays on its CPU keeps its caches and is never moved beside another one of the same computation.
 */

import koffi from 'koffi';
import type { Files } from '../host/host.ts';
import { inEvery, type Words } from '../kernel/language.ts';
import { FailureError } from '../protocol/failure-error.ts';
import { parseCpuList } from './cpu-list.ts';

const CPU_FOLDER = '/sys/devices/system/cpu';
/** Bytes of a mask of 1,024 CPUs, glibc's `cpu_set_t`. */
const MASK_BYTES = 128;

/**
 * One CPU for each of `threads` threads among those that this process may run on: first one of every core, then the
 * second hardware threads of the cores.
 * @throws FailureError `unsupported` where the system does not say, or has fewer CPUs than threads
 */
export function cpusToPin(files: Pick<Files, 'tryReadText'>, threads: number): number[] {
  const status = files.tryReadText('/proc/self/status') ?? '';
  const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(status)?.[1];
  if (list === undefined)
    throw unsupported({
      en: 'the system does not say which CPUs this process may run on',
      ja: 'このプロセスの使える CPU をシステムが示しません',
    });
  const allowed = parseCpuList(list);
  if (allowed.length < threads) {
    throw unsupported({
      en: `${threads} threads cannot each have a CPU: this process may run on ${list}`,
      ja: `${threads} スレッドに 1 つずつの CPU がありません: このプロセスが使えるのは ${list} です`,
    });
  }
  const seen = new Map<string, number>();
  const ranked = allowed.map((cpu) => {
    const core = files.tryReadText(`${CPU_FOLDER}/cpu${cpu}/topology/thread_siblings_list`) ?? String(cpu);
    const rank = seen.get(core) ?? 0;
    seen.set(core, rank + 1);
    return { cpu, rank };
  });
  return ranked
    .sort((a, b) => a.rank - b.rank || a.cpu - b.cpu)
    .slice(0, threads)
    .map(({ cpu }) => cpu);
}

/** Keeps the calling thread on `cpu` from now on. @throws FailureError `unsupported` where the system refuses */
export function pinCallingThread(cpu: number): void {
  const mask = Buffer.alloc(MASK_BYTES);
  mask.writeUInt8(1 << (cpu % 8), Math.floor(cpu / 8));
  const setAffinity = koffi
    .load('libc.so.6')
    .func('int sched_setaffinity(int, size_t, const void *)') as unknown as (
    thread: number,
    byteLength: number,
    mask: Buffer,
  ) => number;
  if (setAffinity(0, MASK_BYTES, mask) !== 0) {
    throw unsupported({
      en: `the system refused to keep a thread on CPU ${cpu}`,
      ja: `スレッドを CPU ${cpu} に固定することをシステムが拒みました`,
    });
  }
}

const unsupported = (message: Words): FailureError =>
  new FailureError({ cause: 'unsupported', message: inEvery((say) => `pinThreads: ${say(message)}`) });

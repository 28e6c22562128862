/**
 * The few functions of the C library that measure memory: anonymous memory, and a scan for a byte that is not there.
 * glibc's and Apple's `memchr` read with the widest vectors of the CPU, so the scan runs at the speed of memory; musl's
 * goes word by word, so it is not used. Calls marked async run on libuv's pool, `UV_THREADPOOL_SIZE` at once.
 */
import koffi, { type KoffiFunc, type LibraryHandle } from 'koffi';
import type { Platform } from './onnxruntime/library.ts';

export interface Libc {
  /** The library's file. */
  readonly name: string;
  /** Zeroed anonymous memory on 2 MiB pages where the kernel gives them. @throws RangeError where there is none */
  allocate(byteLength: number): bigint;
  release(address: bigint, byteLength: number): void;
  /** Writes `value` to every byte, on a thread of the pool. */
  fill(address: bigint, value: number, byteLength: number): Promise<void>;
  /** Whether `value` occurs, on a thread of the pool. */
  contains(address: bigint, value: number, byteLength: number): Promise<boolean>;
}

/** File of the library, and the value of MAP_ANONYMOUS and MADV_HUGEPAGE (undefined: no such advice). */
const LIBRARIES: Readonly<
  Record<string, { file: string; anonymous: number; hugePages: number | undefined }>
> = {
  linux: { file: 'libc.so.6', anonymous: 0x20, hugePages: 14 },
  darwin: { file: 'libSystem.B.dylib', anonymous: 0x1000, hugePages: undefined },
};
const PROT_READ_WRITE = 3;
const MAP_PRIVATE = 2;
const MAP_FAILED = 0xffff_ffff_ffff_ffffn;

type Call<Result> = (...args: readonly unknown[]) => Result;
/** (address, byte, length): memset and memchr. */
type ByteCall = KoffiFunc<(address: bigint, value: number, byteLength: number) => bigint | null>;

/** The C library, or undefined where it is none of those above. */
export function openLibc({ platform }: Pick<Platform, 'platform'>): Libc | undefined {
  const known = LIBRARIES[platform];
  if (known === undefined) return undefined;
  const library = load(known.file);
  if (library === undefined) return undefined;
  const mmap = library.func('void *mmap(void *, size_t, int, int, int, int64_t)') as Call<bigint>;
  const munmap = library.func('int munmap(void *, size_t)') as Call<number>;
  const madvise = library.func('int madvise(void *, size_t, int)') as Call<number>;
  const memset = library.func('void *memset(void *, int, size_t)') as ByteCall;
  const memchr = library.func('void *memchr(void *, int, size_t)') as ByteCall;
  return {
    name: known.file,
    allocate: (byteLength) => {
      const address = mmap(null, byteLength, PROT_READ_WRITE, MAP_PRIVATE | known.anonymous, -1, 0);
      if (address === null || BigInt.asUintN(64, address) === MAP_FAILED) {
        throw new RangeError(`no memory for ${byteLength} bytes`);
      }
      if (known.hugePages !== undefined) madvise(address, byteLength, known.hugePages);
      return address;
    },
    release: (address, byteLength) => {
      munmap(address, byteLength);
    },
    fill: async (address, value, byteLength) => {
      await onPool(memset, address, value, byteLength);
    },
    contains: async (address, value, byteLength) =>
      (await onPool(memchr, address, value, byteLength)) !== null,
  };
}

function load(file: string): LibraryHandle | undefined {
  try {
    return koffi.load(file);
  } catch {
    return undefined;
  }
}

function onPool(call: ByteCall, address: bigint, value: number, byteLength: number): Promise<bigint | null> {
  return new Promise((resolve, reject) => {
    call.async(address, value, byteLength, (error: unknown, result: bigint | null) => {
      if (error === null || error === undefined) resolve(result);
      else reject(error instanceof Error ? error : new Error(String(error)));
    });
  });
}

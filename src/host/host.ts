/**
 * The only door to clock, files, processes and network. Rooms that need the outside world take a `Host` (or one of
 * its parts) as a value; `real-host.ts` is the real one, `test-host.ts` the one on a virtual clock and memory files.
 * Grow an interface here rather than importing `node:fs` elsewhere: a test forbids it.
 */

import type { Network } from './network.ts';

export interface Host {
  readonly clock: Clock;
  readonly files: Files;
  readonly network: Network;
  readonly system: SystemFacts;
}

export interface Clock {
  /** CLOCK_MONOTONIC in nanoseconds: the same epoch in every process of the machine. */
  monotonic_ns(): bigint;
  /** Wall clock as ISO 8601 with milliseconds, UTC: a label, never a measurement. */
  wallTime(): string;
  /** Resolves after `ms`, or at once when `signal` aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Blocks the calling thread without using CPU; a virtual clock moves on by exactly this much. */
  block_ns(duration_ns: number): void;
}

export interface Files {
  /** @throws HayasaError `file/missing`, `file/not-readable`, `file/not-a-file` (folders, devices, pipes) */
  readText(path: string): string;
  /** Text, or undefined where the file is missing, not readable or no regular file. */
  tryReadText(path: string): string | undefined;
  /**
   * Bytes [offset, offset + length) of a file: new ones, or the first of `into`, which must have room for them.
   * @throws HayasaError where the file is shorter, or no regular file.
   */
  readRange(path: string, offset: number, length: number, into?: Uint8Array): Uint8Array;
  /** Atomic: written beside, fsynced and renamed. Makes the folder. @throws HayasaError `file/disk-full`, `file/no-permission` */
  writeText(path: string, text: string): void;
  size(path: string): number | undefined;
  kind(path: string): 'file' | 'folder' | 'other' | undefined;
  list(folder: string): readonly string[];
  makeFolder(path: string): void;
  remove(path: string): void;
  /** Free bytes of the file system that holds `path` (or its nearest existing parent). */
  freeBytes(path: string): number;
  /** Opens for appending; each `append` is one write call. */
  openAppend(path: string): AppendFile;
  /** Cuts a file to its first `lengthBytes` bytes, durably. @throws HayasaError `file/missing`, `file/no-permission` */
  truncate(path: string, lengthBytes: number): void;
  /** A new file, streamed into a temporary name beside `path`; it appears under `path` only on `commit`. Makes the folder. */
  createFile(path: string): NewFile;
  /** Hard link where the file system allows it, else a copy; says which. Replaces an existing `to`. */
  linkOrCopy(from: string, to: string): 'linked' | 'copied';
  /** A symbolic link at `path` to `target` (relative to the link's folder); a copy where there can be none. Replaces a file or link. */
  symbolicLink(target: string, path: string): void;
  /** Renames a file or folder within its file system, durably. @throws HayasaError where `to` is a folder that exists */
  rename(from: string, to: string): void;
  /** Makes a file with `text` where there is none, in one step: false where there was one. Makes the folder. */
  createExclusive(path: string, text: string): boolean;
  /** Bytes of all files under a folder; links are not followed. 0 where it is missing. */
  treeBytes(folder: string): number;
  /** The path with every symbolic link resolved. @throws HayasaError `file/missing`, `file/cycle` */
  realPath(path: string): string;
}

export interface NewFile {
  /** @throws HayasaError `file/disk-full`, `file/no-permission` (the temporary file is removed) */
  write(bytes: Uint8Array): void;
  /** Bytes written so far. */
  readonly position: number;
  /** fsync, close and rename to the final name. */
  commit(): void;
  /** Close and remove. */
  discard(): void;
}

export interface AppendFile {
  /** One write of the whole text. @throws HayasaError `file/disk-full`, `file/no-permission` */
  append(text: string): void;
  /** The same for bytes. */
  appendBytes(bytes: Uint8Array): void;
  /** Makes everything appended durable (fsync). */
  sync(): void;
  close(): void;
}

export interface SystemFacts {
  readonly platform: string;
  readonly architecture: string;
  readonly logicalCpus: number;
  readonly totalMemoryBytes: number;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly currentFolder: string;
  /** Where caches go (synthetic checkpoints, quantised weights). */
  readonly cacheFolder: string;
  /** Where what was installed goes (environments of Python engines). */
  readonly dataFolder: string;
  readonly nodeVersion: string;
  /** As Node knows them, for platforms without `/proc`. */
  readonly cpuModel?: string;
  readonly operatingSystem?: string;
  readonly kernel?: string;
  /** Names that must not stand in anything that is published; read for taking them out, and for nothing else. */
  readonly hostName?: string;
  readonly userName?: string;
  readonly homeFolder?: string;
}

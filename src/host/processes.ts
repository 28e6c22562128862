/**
 * Starting processes: never through a shell, each in a process group of its own, with a duplex channel on descriptor 3.
 * Groups that are alive when this process exits are killed.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { getDefaultHighWaterMark, type Readable, setDefaultHighWaterMark } from 'node:stream';
import { type ByteChannel, byteChannel } from './descriptors.ts';

export interface ProcessSpec {
  readonly command: string;
  readonly args: readonly string[];
  /** The complete environment. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly folder?: string;
}

export type ProcessExit =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'signalled'; readonly signal: string }
  /** It never started; `message` says why. */
  | { readonly kind: 'not-started'; readonly message: string };

export interface SpawnedProcess {
  /** Root of the tree and leader of its process group; undefined where it did not start. */
  readonly pid: number | undefined;
  readonly channel: ByteChannel;
  onStdout(listener: (chunk: Uint8Array) => void): void;
  onStderr(listener: (chunk: Uint8Array) => void): void;
  /** Resolves when the process is gone. */
  readonly exit: Promise<ProcessExit>;
  /** Resolves when the process is gone and its output has been read to the end. */
  readonly drained: Promise<void>;
  /** Signals the whole group; false where nobody is left. Signal 0 only asks. */
  signalGroup(signal: NodeJS.Signals | 0): boolean;
}

/** Node reads a pipe in pieces of up to this size. */
const FULL_PIECE_BYTES = 64 * 1024;
/** Between two smaller pieces of one stream; the kernel keeps what is written meanwhile. */
const BETWEEN_PIECES_MS = 50;

const liveGroups = new Set<number>();
let sweepInstalled = false;

export function spawnProcess(spec: ProcessSpec): SpawnedProcess {
  const child = unbuffered(() =>
    spawn(spec.command, [...spec.args], {
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      env: { ...spec.environment },
      detached: true,
      shell: false,
      ...(spec.folder === undefined ? {} : { cwd: spec.folder }),
    }),
  );
  if (child.pid !== undefined) sweepOnExit(child.pid);
  const [, stdout, stderr, channel] = child.stdio as unknown as [null, Readable, Readable, Socket];
  const exit = exitOf(child);
  readInPieces(stdout, exit);
  readInPieces(stderr, exit);
  return {
    pid: child.pid,
    channel: byteChannel(channel),
    onStdout: (listener) => {
      stdout.on('data', listener);
    },
    onStderr: (listener) => {
      stderr.on('data', listener);
    },
    exit,
    drained: new Promise((resolve) => {
      child.once('close', () => resolve());
      child.once('error', () => {
        if (child.pid === undefined) resolve();
      });
    }),
    signalGroup: (signal) => child.pid !== undefined && signalGroup(child.pid, signal),
  };
}

/**
 * Streams that `make` makes hold one piece at most: a paused one goes on to read until its buffer is full, and would wake
 * this process for every line all the same.
 */
function unbuffered<T>(make: () => T): T {
  const usual_bytes = getDefaultHighWaterMark(false);
  setDefaultHighWaterMark(false, 1);
  try {
    return make();
  } finally {
    setDefaultHighWaterMark(false, usual_bytes);
  }
}

/**
 * Reads `stream` to its end, also when nobody listens: a full pipe would block the process. A library that logs a line for
 * every multiplication must not wake this process for each of them, on a machine where engines are timed: after a piece
 * that is not a full one the stream rests, until the process is gone.
 */
function readInPieces(stream: Readable, exit: Promise<unknown>): void {
  let gone = false;
  stream.on('data', (piece: Uint8Array) => {
    if (gone || piece.byteLength >= FULL_PIECE_BYTES) return;
    stream.pause();
    setTimeout(() => stream.resume(), BETWEEN_PIECES_MS);
  });
  void exit.then(() => {
    gone = true;
    stream.resume();
  });
}

function exitOf(child: ChildProcess): Promise<ProcessExit> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      resolve(signal === null ? { kind: 'exited', code: code ?? 0 } : { kind: 'signalled', signal });
    });
    child.on('error', (error) => {
      if (child.pid === undefined) resolve({ kind: 'not-started', message: error.message });
    });
  });
}

function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-pid, signal);
    return true;
  } catch {
    liveGroups.delete(pid);
    return false;
  }
}

function sweepOnExit(pid: number): void {
  liveGroups.add(pid);
  if (sweepInstalled) return;
  sweepInstalled = true;
  process.once('exit', () => {
    for (const group of liveGroups) signalGroup(group, 'SIGKILL');
  });
}

/**
 * Starting processes: never through a shell, each in a process group of its own, with a duplex channel on descriptor 3.
 * Groups that are alive when this process exits are killed.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { type ByteChannel, byteChannel } from './descriptors.ts';
import type { OutputFile } from './output-file.ts';

export interface ProcessSpec {
  readonly command: string;
  readonly args: readonly string[];
  /** The complete environment. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly folder?: string;
  /** Takes what it prints to stderr in the place of a pipe; stdout goes nowhere then, and neither listener is called. */
  readonly output?: OutputFile;
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
  /** Resolves when the process is gone and its pipes have been read to the end. */
  readonly drained: Promise<void>;
  /** Signals the whole group; false where nobody is left. Signal 0 only asks. */
  signalGroup(signal: NodeJS.Signals | 0): boolean;
}

const liveGroups = new Set<number>();
let sweepInstalled = false;

export function spawnProcess(spec: ProcessSpec): SpawnedProcess {
  const child = spawn(spec.command, [...spec.args], {
    stdio:
      spec.output === undefined
        ? ['ignore', 'pipe', 'pipe', 'pipe']
        : ['ignore', 'ignore', spec.output.descriptor, 'pipe'],
    env: { ...spec.environment },
    detached: true,
    shell: false,
    ...(spec.folder === undefined ? {} : { cwd: spec.folder }),
  });
  if (child.pid !== undefined) sweepOnExit(child.pid);
  const [, stdout, stderr, channel] = child.stdio as unknown as [
    null,
    Readable | null,
    Readable | null,
    Socket,
  ];
  // Reading to the end also when nobody listens: a full pipe would block the process.
  stdout?.resume();
  stderr?.resume();
  return {
    pid: child.pid,
    channel: byteChannel(channel),
    onStdout: (listener) => {
      stdout?.on('data', listener);
    },
    onStderr: (listener) => {
      stderr?.on('data', listener);
    },
    exit: exitOf(child),
    drained: new Promise((resolve) => {
      child.once('close', () => resolve());
      child.once('error', () => {
        if (child.pid === undefined) resolve();
      });
    }),
    signalGroup: (signal) => child.pid !== undefined && signalGroup(child.pid, signal),
  };
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

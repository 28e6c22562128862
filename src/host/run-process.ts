/** Runs a program to its end: lines as they come, the last bytes of what it said, and an abort that ends its group. */
import { type ProcessExit, type ProcessSpec, spawnProcess } from './processes.ts';

export interface ProcessResult {
  readonly exit: ProcessExit;
  readonly stdout: string;
  readonly stderr: string;
  readonly aborted: boolean;
}

export interface RunOptions {
  readonly signal?: AbortSignal;
  /** Called with pieces of stdout and stderr as they come. */
  readonly onOutput?: (text: string) => void;
}

/** Kept of each stream: the end of what it said. */
const KEPT_CHARACTERS = 64 * 1024;

/** Never throws: a program that is not there is an exit `not-started`. */
export async function runProcess(spec: ProcessSpec, options: RunOptions = {}): Promise<ProcessResult> {
  const { signal, onOutput } = options;
  const child = spawnProcess(spec);
  let stdout = '';
  let stderr = '';
  const decoders = [new TextDecoder(), new TextDecoder()] as const;
  child.onStdout((chunk) => {
    const text = decoders[0].decode(chunk, { stream: true });
    stdout = (stdout + text).slice(-KEPT_CHARACTERS);
    onOutput?.(text);
  });
  child.onStderr((chunk) => {
    const text = decoders[1].decode(chunk, { stream: true });
    stderr = (stderr + text).slice(-KEPT_CHARACTERS);
    onOutput?.(text);
  });
  const end = (): void => {
    child.signalGroup('SIGKILL');
  };
  signal?.addEventListener('abort', end);
  if (signal?.aborted === true) end();
  const exit = await child.exit;
  // Helpers that outlive it would hold its pipes open.
  child.signalGroup('SIGKILL');
  await child.drained;
  signal?.removeEventListener('abort', end);
  return { exit, stdout, stderr, aborted: signal?.aborted === true };
}

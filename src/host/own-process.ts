/** This process itself: who started it, and how it ends without waiting for anything. */

export const ownPid = (): number => process.pid;

/** Changes when the parent dies: the process is then handed to another one. */
export const parentPid = (): number => process.ppid;

/** Whether a process of this machine has this id; a zombie counts. */
export function isProcess(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * Ends this process and its process group at once, whatever its threads are doing. `process.exit` would wait for
 * threads that are inside a library call.
 */
export function killSelf(signal: NodeJS.Signals = 'SIGKILL'): void {
  try {
    process.kill(-process.pid, signal);
  } catch {
    // Not the leader of a group: only the process itself is ours.
    process.kill(process.pid, signal);
  }
}

/** Ends this process in order; listeners for `exit` still run. */
export function exitProcess(code: number): never {
  process.exit(code);
}

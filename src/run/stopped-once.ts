/** A worker that an interruption may stop while whoever uses it is about to do the same. */
import type { StopReport, WorkerHandle } from '../executors/executor.ts';

/** The same worker; however often it is stopped, it is stopped once, and everyone gets the same report. */
export function stoppedOnce(handle: WorkerHandle): WorkerHandle {
  let stopping: Promise<StopReport> | undefined;
  return {
    ...handle,
    stop: () => {
      stopping ??= handle.stop();
      return stopping;
    },
  };
}

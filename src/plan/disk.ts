/**
 * Disk that a plan needs, added up cell by cell in the order of the study: checkpoints that must be made, and copies
 * that engines keep in the cache (an upper bound: those of earlier runs are found again). What no longer fits is refused
 * with the figure, so that the rest of the study can run.
 */
import prettyBytes from 'pretty-bytes';
import type { PlanModel } from './plan.ts';

/** Left free for journals, reports and everybody else. */
const RESERVED_BYTES = 256 * 2 ** 20;

export interface DiskBudget {
  /** Why the needs of one more cell do not fit; undefined where they do, and then they are counted. */
  refuse(model: PlanModel, launchKey: string, cacheBytes: () => number): string | undefined;
  cacheBytesOf(launchKey: string): number;
  checkpointBytes(): number;
  cacheBytes(): number;
}

/** A budget of `freeBytes`; each model and each launch identity counts once. */
export function diskBudget(freeBytes: number): DiskBudget {
  const checkpoints = new Set<string>();
  const caches = new Map<string, number>();
  let checkpointTotal = 0;
  let cacheTotal = 0;
  return {
    refuse: (model, launchKey, cacheBytes) => {
      if (caches.has(launchKey)) return undefined;
      const checkpoint = model.toBeWritten && !checkpoints.has(model.modelHash) ? model.checkpointBytes : 0;
      const cache = cacheBytes();
      const left = Math.max(0, freeBytes - RESERVED_BYTES - checkpointTotal - cacheTotal);
      if (checkpoint + cache > 0 && checkpoint + cache > left) {
        return `needs ${prettyBytes(checkpoint + cache)} of disk (checkpoint ${prettyBytes(checkpoint)}, cache ${prettyBytes(cache)}); ${prettyBytes(left)} are left`;
      }
      checkpoints.add(model.modelHash);
      caches.set(launchKey, cache);
      checkpointTotal += checkpoint;
      cacheTotal += cache;
      return undefined;
    },
    cacheBytesOf: (launchKey) => caches.get(launchKey) ?? 0,
    checkpointBytes: () => checkpointTotal,
    cacheBytes: () => cacheTotal,
  };
}

/**
 * Disk that a plan needs, added up cell by cell in the order of the study: checkpoints that must be made, and copies
 * that engines keep in the cache (an upper bound: those of earlier runs are found again; with a limit, the largest size at
 * any time). What no longer fits is refused with the figure, so that the rest of the study can run.
 */
import prettyBytes from 'pretty-bytes';
import type { Cell } from '../axes/cell.ts';
import type { Words } from '../kernel/language.ts';
import { type Copy, type CopyPlan, copyKey, copyPlan } from './copies.ts';
import type { PlanModel } from './plan.ts';

/** Left free for journals, reports and everybody else. */
const RESERVED_BYTES = 256 * 2 ** 20;

/** One more cell that wants its place. */
export interface DiskNeed {
  readonly model: PlanModel;
  readonly cell: Cell;
  readonly launchKey: string;
  readonly workload: number;
  /** Bytes of the copy that its engine keeps; asked for once per launch. */
  readonly cacheBytes: () => number;
}

export interface DiskBudget {
  /** Why the needs of one more cell do not fit; undefined where they do, and then they are counted. */
  refuse(need: DiskNeed): Words | undefined;
  cacheBytesOf(launchKey: string): number;
  checkpointBytes(): number;
  /** Of all copies, at the time when they are the most. */
  cacheBytes(): number;
  /** Undefined without a limit. */
  copies(): CopyPlan | undefined;
}

/** A budget of `freeBytes`, of which copies may take `limitBytes`; each model and each launch identity counts once. */
export function diskBudget(freeBytes: number, limitBytes: number | undefined): DiskBudget {
  const checkpoints = new Set<string>();
  const caches = new Map<string, number>();
  const copies = new Map<string, Copy & { readonly workload: number }>();
  let checkpointTotal = 0;
  let cacheTotal = 0;
  let peak = 0;
  /** Size of all copies at the time when they are the most, with `key` as `copy`. */
  const peakWith = (key: string, copy: Copy): number =>
    copyPlan(new Map<string, Copy>([...copies, [key, copy]]).values(), limitBytes ?? 0).peakBytes;

  const limited = (need: DiskNeed, checkpoint: number): Words | undefined => {
    const { model, cell, launchKey, workload } = need;
    const bytes = caches.get(launchKey) ?? need.cacheBytes();
    const key = copyKey(cell);
    const known = copies.get(key);
    const isShared = known !== undefined && (known.isShared || known.workload !== workload);
    if (known?.isShared === isShared && known.bytes >= bytes) {
      caches.set(launchKey, bytes);
      return undefined;
    }
    const copy = { model: model.name, bytes: Math.max(bytes, known?.bytes ?? 0), isShared, workload };
    const wanted = copy.bytes === 0 ? peak : peakWith(key, copy);
    const limit = Math.min(limitBytes ?? 0, freeBytes - RESERVED_BYTES - checkpointTotal - checkpoint);
    if (wanted > limit && (bytes > 0 || checkpoint > 0)) {
      const allowed = prettyBytes(Math.max(0, limit));
      return {
        en: `needs ${prettyBytes(wanted)} of converted copies at a time; ${allowed} are allowed`,
        ja: `変換した写しが同時に ${prettyBytes(wanted)} 必要です。許されるのは ${allowed} です`,
      };
    }
    if (copy.bytes > 0) copies.set(key, copy);
    caches.set(launchKey, bytes);
    peak = wanted;
    return undefined;
  };

  const unlimited = (need: DiskNeed, checkpoint: number): Words | undefined => {
    if (caches.has(need.launchKey)) return undefined;
    const cache = need.cacheBytes();
    const left = Math.max(0, freeBytes - RESERVED_BYTES - checkpointTotal - cacheTotal);
    if (checkpoint + cache > 0 && checkpoint + cache > left) {
      return {
        en: `needs ${prettyBytes(checkpoint + cache)} of disk (checkpoint ${prettyBytes(checkpoint)}, cache ${prettyBytes(cache)}); ${prettyBytes(left)} are left`,
        ja: `ディスクが ${prettyBytes(checkpoint + cache)} 必要です（チェックポイント ${prettyBytes(checkpoint)}、キャッシュ ${prettyBytes(cache)}）。残りは ${prettyBytes(left)} です`,
      };
    }
    caches.set(need.launchKey, cache);
    cacheTotal += cache;
    return undefined;
  };

  return {
    refuse: (need) => {
      const { model } = need;
      const checkpoint = model.toBeWritten && !checkpoints.has(model.modelHash) ? model.checkpointBytes : 0;
      const refused = limitBytes === undefined ? unlimited(need, checkpoint) : limited(need, checkpoint);
      if (refused !== undefined) return refused;
      checkpoints.add(model.modelHash);
      checkpointTotal += checkpoint;
      return undefined;
    },
    cacheBytesOf: (launchKey) => caches.get(launchKey) ?? 0,
    checkpointBytes: () => checkpointTotal,
    cacheBytes: () => (limitBytes === undefined ? cacheTotal : peak),
    copies: () => (limitBytes === undefined ? undefined : copyPlan(copies.values(), limitBytes)),
  };
}

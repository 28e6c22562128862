/**
 * Blocks: the launches that one comparison needs, adjacent in time. Launches of one model on one device with one thread
 * count are compared with each other; a group that would take longer than about two minutes is split, because swings of
 * the machine last minutes and pairing cancels only what both sides share.
 */
import { contentHash } from '../kernel/canonical.ts';
import { launchCost_ms } from '../schedule/budget.ts';
import { costed } from './costed.ts';
import type { PlannedBlock, PlannedLaunch } from './plan.ts';

const MAXIMUM_BLOCK_MS = 120_000;

export function makeBlocks(launches: readonly PlannedLaunch[]): PlannedBlock[] {
  const groups = new Map<string, PlannedLaunch[]>();
  for (const launch of launches) {
    const { modelHash, device, threads } = launch.identity;
    const key = contentHash({ modelHash, device, threads });
    const group = groups.get(key) ?? [];
    groups.set(key, group);
    group.push(launch);
  }
  return [...groups.values()]
    .flatMap(splitByTime)
    .map((block, index) => ({ block: index, launches: block.map((launch) => launch.key) }));
}

/** Parts of about equal time, none above the maximum unless a single launch is. */
function splitByTime(group: readonly PlannedLaunch[]): PlannedLaunch[][] {
  const cost_ms = (launch: PlannedLaunch): number => launchCost_ms(costed(launch));
  const total_ms = group.reduce((sum, launch) => sum + cost_ms(launch), 0);
  const target_ms = total_ms / Math.max(1, Math.ceil(total_ms / MAXIMUM_BLOCK_MS));
  const parts: PlannedLaunch[][] = [];
  let part: PlannedLaunch[] = [];
  let filled_ms = 0;
  for (const launch of group) {
    if (part.length > 0 && filled_ms + cost_ms(launch) > Math.min(MAXIMUM_BLOCK_MS, target_ms * 1.01)) {
      parts.push(part);
      part = [];
      filled_ms = 0;
    }
    part.push(launch);
    filled_ms += cost_ms(launch);
  }
  return part.length === 0 ? parts : [...parts, part];
}

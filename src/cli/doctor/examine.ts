/** Examines the machine: first how quiet it is, then, with the noise of our own, how fast it can be. */

import type { EngineDeclaration } from '../../engines/declaration.ts';
import type { Host } from '../../host/host.ts';
import type { Words } from '../../kernel/language.ts';
import { presentValue } from '../../kernel/maybe.ts';
import { type MachineFacts, readMachineFacts } from '../../machine/facts.ts';
import { machineFingerprint } from '../../machine/fingerprint.ts';
import { machineGauges } from '../../machine/gauges.ts';
import { MINIMUM_NOISE_WINDOW_MS } from '../../machine/noise.ts';
import { measureRoofs } from '../../machine/roofs/roofs.ts';
import { surveyEngines } from '../engines/survey.ts';
import type { Examination } from './advice.ts';

export async function examine(
  host: Host,
  declarations: readonly EngineDeclaration[],
  threads: number | undefined,
  onStep: (what: Words) => void,
): Promise<Examination> {
  const facts = readMachineFacts(host);
  onStep({ en: 'listening to the machine for 2 s', ja: 'マシンを 2 秒間聴いています' });
  const closeWindow = machineGauges(host).openNoiseWindow(undefined);
  await host.clock.sleep(MINIMUM_NOISE_WINDOW_MS);
  const noise = closeWindow();
  onStep({
    en: 'measuring memory and matrix multiply, about 5 s',
    ja: 'メモリと行列積を測っています（約 5 秒）',
  });
  const roofs = await measureRoofs(host, 'full', threads ?? usableThreads(facts));
  onStep({ en: 'looking at the engines', ja: 'エンジンを調べています' });
  const engines = await surveyEngines(host, declarations);
  return { facts, fingerprint: machineFingerprint(facts), noise, roofs, engines };
}

/** One thread per core that this process may use. */
export function usableThreads({ cpu, limits }: MachineFacts): number {
  const bounds = [cpu.logicalCpus, presentValue(cpu.physicalCores), presentValue(limits.allowedCpus)];
  const quota = presentValue(limits.cpuQuota);
  return Math.max(
    1,
    Math.min(
      ...bounds.filter((bound) => bound !== undefined),
      quota === undefined ? Number.POSITIVE_INFINITY : Math.floor(quota),
    ),
  );
}

/** Verifies an environment that is installed, and keeps the verdict inside it. */

import { join } from 'node:path';
import { type Verification, verifyEngine } from '../../engines/contract/verify.ts';
import { inVersionSet } from '../../engines/version-set.ts';
import { environmentLabel } from '../../environments/name.ts';
import { environmentFolder, writeConformance } from '../../environments/record.ts';
import { createExecutor } from '../../executors/registry.ts';
import type { Host } from '../../host/host.ts';
import { inEvery, type Say, sayEnglish, type Words } from '../../kernel/language.ts';
import type { ChosenEnvironment } from './chosen.ts';

/** `onStage`: what is checked now, and how much is behind it. The verdict that is kept is the CPU's. */
export async function verifyEnvironment(
  host: Host,
  { declaration, name, version }: ChosenEnvironment,
  signal: AbortSignal,
  onStage: (text: Words, fraction: number) => void,
  device = 'cpu',
): Promise<Verification> {
  const label = environmentLabel(name);
  const cacheFolder = join(host.system.cacheFolder, 'verification', label);
  const own = { ...host, system: { ...host.system, cacheFolder } };
  const verification = await verifyEngine({
    host: own,
    executor: createExecutor('local', own),
    declaration: inVersionSet(declaration, version),
    engineVersion: version,
    options: declaration.versionDifferences?.[name.versionSet]?.plainOptions,
    device,
    signal,
    onCase: (caseName, index, of) =>
      onStage(
        inEvery((say) => `${label}: ${say(caseName)}`),
        index / of,
      ),
  }).finally(() => {
    host.files.remove(cacheFolder);
  });
  const { passed, skipped, problems } = verification;
  if (!signal.aborted && device === 'cpu') {
    writeConformance(host.files, environmentFolder(host.system, name), {
      passed,
      skipped,
      problems: problems.map(sayEnglish),
    });
  }
  return verification;
}

/** `conforms: 17 cases passed, 3 do not apply`, or every problem. */
export function verificationText(
  label: string,
  { passed, skipped, problems, notes }: Verification,
  say: Say,
): string {
  const counts = say({
    en: `${passed} cases passed, ${skipped} do not apply or are named exceptions`,
    ja: `${passed} 項目が合格、${skipped} 項目は対象外または名を挙げた例外`,
  });
  return [
    problems.length === 0
      ? say({ en: `${label} conforms: ${counts}`, ja: `${label} は適合します: ${counts}` })
      : say({
          en: `${label} does not conform: ${problems.length} problems (${counts})`,
          ja: `${label} は適合しません: 問題 ${problems.length} 件（${counts}）`,
        }),
    ...problems.map((problem) => `  ${say(problem)}`),
    ...notes.map((note) => say({ en: `  note: ${note.en}`, ja: `  注: ${note.ja}` })),
  ].join('\n');
}

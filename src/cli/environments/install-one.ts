/** Installs one environment: chooses its lock and its Python, says what it costs, builds it. */

import { environmentHealth } from '../../environments/health.ts';
import { type InstallTask, installEnvironment } from '../../environments/install.ts';
import { chooseInstaller, type InstallerId, type InstallSources } from '../../environments/installer.ts';
import { type Accelerator, type Lock, lockText } from '../../environments/lock.ts';
import { type EnvironmentName, environmentLabel } from '../../environments/name.ts';
import { findPython } from '../../environments/python.ts';
import { environmentFolder, type InstalledEnvironment } from '../../environments/record.ts';
import type { Host } from '../../host/host.ts';
import { HayasaError } from '../../kernel/errors.ts';
import { inEvery, type Say } from '../../kernel/language.ts';
import { formatBytes } from '../ui/numbers.ts';

export interface InstallChoices {
  readonly python: string | undefined;
  readonly accelerator: Accelerator;
  readonly installer: InstallerId | undefined;
  readonly sources: InstallSources;
  /** Build it again, though it is there and whole. */
  readonly again: boolean;
}

export type Installed =
  | { readonly kind: 'installed'; readonly environment: InstalledEnvironment; readonly lock: Lock }
  /** It was there, whole and of the same lock. */
  | { readonly kind: 'present'; readonly environment: InstalledEnvironment; readonly lock: Lock };

/** @throws HayasaError `environment/...` */
export async function installOne(
  host: Host,
  name: EnvironmentName,
  choices: InstallChoices,
  say: Say,
  report: Pick<InstallTask, 'signal' | 'onStep' | 'onOutput'> & { readonly announce: (text: string) => void },
): Promise<Installed> {
  const health = environmentHealth(host, name);
  if (health.kind === 'impossible') {
    throw new HayasaError({
      code: 'environment/impossible',
      message: inEvery((say) => `${environmentLabel(name)}: ${say(health.reason)}`),
    });
  }
  if (health.kind === 'ready' && health.lock.accelerator === choices.accelerator && !choices.again) {
    return { kind: 'present', environment: health.environment, lock: health.lock };
  }
  const locks = health.locks.filter(({ accelerator }) => accelerator === choices.accelerator);
  if (locks.length === 0) {
    throw new HayasaError({
      code: 'environment/no-lock',
      message: {
        en: `${environmentLabel(name)} is not locked for ${choices.accelerator}`,
        ja: `${environmentLabel(name)} には ${choices.accelerator} 用のロックがありません`,
      },
    });
  }
  const python = await findPython(
    host,
    locks.map((lock) => lock.python),
    choices.python,
  );
  const lock = locks.find((candidate) => candidate.python === python.minor) as Lock;
  const installer = await chooseInstaller(host, choices.installer);
  report.announce(costText(host, lock, `${python.command} ${python.version}, ${installer}`, say));
  const { signal, onStep, onOutput } = report;
  const { sources } = choices;
  const task = { lock, python, installer, sources, signal, onStep, onOutput };
  return { kind: 'installed', environment: await installEnvironment(host, task), lock };
}

/** What will be downloaded and kept, and where: said before anything is. */
function costText({ files, system }: Host, lock: Lock, how: string, say: Say): string {
  const { downloadBytes, installedBytes } = lock;
  const sizes =
    downloadBytes === undefined || installedBytes === undefined
      ? say({ en: 'its size was not measured', ja: '大きさは測られていません' })
      : say({
          en: `downloads ${formatBytes(downloadBytes)}, takes ${formatBytes(installedBytes)}`,
          ja: `ダウンロード ${formatBytes(downloadBytes)}、使用 ${formatBytes(installedBytes)}`,
        });
  const free = formatBytes(files.freeBytes(system.dataFolder));
  return say({
    en: `${lockText(lock)}: ${sizes} in ${environmentFolder(system, lock.name)} (${free} free); ${how}`,
    ja: `${lockText(lock)}: ${sizes}、場所 ${environmentFolder(system, lock.name)}（空き ${free}）。${how}`,
  });
}

/** Installs a build of an engine for another device: says what it costs, and what was not checked. */
import { type EnvironmentName, environmentLabel } from '../../environments/name.ts';
import { installNpmBuild, type NpmBuild, npmBuildHealth } from '../../environments/npm-build.ts';
import { environmentFolder } from '../../environments/record.ts';
import type { Host } from '../../host/host.ts';
import { HayasaError } from '../../kernel/errors.ts';
import { inEvery, type Say, type Words } from '../../kernel/language.ts';
import { formatBytes } from '../ui/numbers.ts';
import { stageView } from '../ui/progress-view.ts';
import type { Terminal } from '../ui/terminal.ts';

export interface InstalledBuild {
  readonly kind: 'installed' | 'present';
  readonly environment: string;
  readonly folder: string;
  readonly device: string;
  readonly package: string;
  readonly version: string;
}

/** @throws HayasaError `environment/...` */
export async function installBuild(
  terminal: Terminal,
  host: Host,
  name: EnvironmentName,
  build: NpmBuild,
  { signal, again }: { readonly signal: AbortSignal; readonly again: boolean },
): Promise<InstalledBuild> {
  const label = environmentLabel(name);
  const folder = environmentFolder(host.system, name);
  const { device, version } = build;
  const facts = { environment: label, folder, device, package: build.package, version };
  const health = npmBuildHealth(host, name, build);
  if (health.kind === 'impossible') {
    throw new HayasaError({
      code: 'environment/impossible',
      message: inEvery((say) => `${label}: ${say(health.reason)}`),
    });
  }
  if (health.kind === 'npm-ready' && !again) return { kind: 'present', ...facts };
  const takes = formatBytes(build.installedBytes);
  const free = formatBytes(host.files.freeBytes(host.system.dataFolder));
  terminal.writeError(
    terminal.say({
      en: `${label}: downloads ${build.package}@${version}, at most ${takes}, takes ${takes} in ${folder} (${free} free); npm`,
      ja: `${label}: ${build.package}@${version}（最大 ${takes}）をダウンロードし、${folder} に ${takes} を使います（空き ${free}）。npm`,
    }),
  );
  const view = stageView(terminal);
  const onStep = (step: Words): void =>
    view.show({ en: `${label}: ${step.en}`, ja: `${label}: ${step.ja}` }, 0);
  await installNpmBuild(host, name, build, { signal, onStep }).finally(() => view.close());
  return { kind: 'installed', ...facts };
}

/** Where it lies, and how its owner checks it: no GPU is touched at install. */
export function installedText(label: string, { kind, folder, device }: InstalledBuild, say: Say): string {
  const check = `hayasa engines verify ${label} --device ${device}:0`;
  return kind === 'present'
    ? say({
        en: `${label}: was installed already in ${folder}; check it on the GPU: ${check}`,
        ja: `${label}: すでに ${folder} にインストール済みです。GPU での確認: ${check}`,
      })
    : say({
        en: `${label}: installed in ${folder}; not verified, check it on the GPU: ${check}`,
        ja: `${label}: ${folder} にインストールしました。未検証です。GPU での確認: ${check}`,
      });
}

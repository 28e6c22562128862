/**
 * Libraries of an engine for another device than the CPU: one npm package in a prefix of its own, installed on request.
 * Named like a version set (`llama-cpp@cuda`); whole and in its place, or absent.
 */

import { join } from 'node:path';
import type { Host } from '../host/host.ts';
import { runProcess } from '../host/run-process.ts';
import { HayasaError } from '../kernel/errors.ts';
import type { Words } from '../kernel/language.ts';
import { interrupted } from './interrupted.ts';
import { type EnvironmentName, environmentLabel } from './name.ts';
import { environmentFolder } from './record.ts';
import { openStaging } from './staging.ts';

export interface NpmBuild {
  /** What a study writes behind the `@`. */
  readonly name: string;
  /** Kind of the devices that it computes on. */
  readonly device: string;
  readonly package: string;
  readonly version: string;
  /** The registry's hash of this version; another one is refused. */
  readonly integrity: string;
  /** As measured when the version was taken up. */
  readonly installedBytes: number;
  readonly platform: string;
  readonly architecture: string;
}

export type NpmBuildHealth =
  | { readonly kind: 'npm-ready'; readonly packageFolder: string; readonly build: NpmBuild }
  | { readonly kind: 'npm-installable'; readonly reason: Words; readonly build: NpmBuild }
  | { readonly kind: 'impossible'; readonly reason: Words };

/** Read from files: nothing is loaded. */
export function npmBuildHealth(
  { files, system }: Pick<Host, 'files' | 'system'>,
  name: EnvironmentName,
  build: NpmBuild,
): NpmBuildHealth {
  if (system.platform !== build.platform || system.architecture !== build.architecture) {
    return {
      kind: 'impossible',
      reason: {
        en: `its libraries are for ${build.platform} ${build.architecture}, this is ${system.platform} ${system.architecture}`,
        ja: `ライブラリは ${build.platform} ${build.architecture} 用ですが、この環境は ${system.platform} ${system.architecture} です`,
      },
    };
  }
  const folder = environmentFolder(system, name);
  const found = installedVersion(files, folder, build);
  if (found === build.version) {
    return { kind: 'npm-ready', packageFolder: join(folder, 'node_modules', build.package), build };
  }
  const reason =
    found === undefined
      ? { en: 'not installed', ja: 'インストールされていません' }
      : {
          en: `what is installed (${found}) is not what this version of Hayasa is written for (${build.version})`,
          ja: `インストール済みのもの（${found}）が、このバージョンの Hayasa 用（${build.version}）ではありません`,
        };
  return { kind: 'npm-installable', reason, build };
}

export interface NpmInstallTask {
  readonly signal: AbortSignal;
  readonly onStep: (name: Words) => void;
}

/**
 * @returns the folder of the package
 * @throws HayasaError `environment/busy`, `environment/disk-full`, `environment/interrupted`, `environment/no-npm`,
 * `environment/hash-mismatch`, `environment/failed`; nothing new is left then, and an older one is as it was
 */
export async function installNpmBuild(
  host: Pick<Host, 'files' | 'system'>,
  name: EnvironmentName,
  build: NpmBuild,
  { signal, onStep }: NpmInstallTask,
): Promise<string> {
  const { files, system } = host;
  const label = environmentLabel(name);
  const target = environmentFolder(system, name);
  const free = files.freeBytes(system.dataFolder);
  // The archive is kept by npm beside what it unpacks.
  if (free < 2 * build.installedBytes) throw noRoom(label, build, free);
  const staging = openStaging(host, label);
  try {
    onStep({ en: 'download and install', ja: 'ダウンロードとインストール' });
    files.makeFolder(staging.folder);
    const { exit, stdout, stderr, aborted } = await runProcess(
      {
        command: 'npm',
        args: [
          ...[
            'install',
            '--prefix',
            staging.folder,
            '--ignore-scripts',
            '--no-save',
            '--no-audit',
            '--no-fund',
          ],
          `${build.package}@${build.version}`,
        ],
        environment: system.environment,
        folder: staging.folder,
      },
      { signal },
    );
    if (aborted) throw interrupted(label);
    if (exit.kind === 'not-started') throw noNpm(label, exit.message);
    if (exit.kind !== 'exited' || exit.code !== 0) throw failed(label, `${stdout}${stderr}`);
    checkIntegrity(files, staging.folder, label, build);
    staging.commit(target);
  } finally {
    staging.close();
  }
  return join(target, 'node_modules', build.package);
}

function installedVersion(files: Host['files'], folder: string, build: NpmBuild): string | undefined {
  const description = jsonOf(files.tryReadText(join(folder, 'node_modules', build.package, 'package.json')));
  const version = (description as { readonly version?: unknown } | undefined)?.version;
  return typeof version === 'string' ? version : undefined;
}

/** npm checks what it unpacks against what the registry says; this checks what the registry says. */
function checkIntegrity(files: Host['files'], folder: string, label: string, build: NpmBuild): void {
  const lock = jsonOf(files.tryReadText(join(folder, 'node_modules', '.package-lock.json')));
  const packages = (
    lock as { readonly packages?: Readonly<Record<string, { integrity?: unknown }>> } | undefined
  )?.packages;
  const found = packages?.[`node_modules/${build.package}`]?.integrity;
  if (found === build.integrity) return;
  throw new HayasaError({
    code: 'environment/hash-mismatch',
    message: {
      en: `${label}: ${build.package}@${build.version} has the hash ${String(found ?? 'none')}, not ${build.integrity}`,
      ja: `${label}: ${build.package}@${build.version} のハッシュは ${build.integrity} ではなく ${String(found ?? 'なし')} です`,
    },
    hint: {
      en: 'do not use it; try another mirror. Nothing was left behind',
      ja: '使わないでください。別のミラーを試してください。途中のファイルは残っていません',
    },
  });
}

function jsonOf(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : (JSON.parse(text) as unknown);
  } catch {
    return undefined;
  }
}

const noRoom = (label: string, build: NpmBuild, free: number): HayasaError =>
  new HayasaError({
    code: 'environment/disk-full',
    message: {
      en: `${label} needs ${megabytes(2 * build.installedBytes)} MB, ${megabytes(free)} MB are free`,
      ja: `${label} には ${megabytes(2 * build.installedBytes)} MB 必要ですが、空きは ${megabytes(free)} MB です`,
    },
    hint: {
      en: 'free space, or set HAYASA_DATA to a folder on a larger disk',
      ja: '空き容量を増やすか、HAYASA_DATA に容量の大きいディスクのフォルダーを設定してください',
    },
  });

const noNpm = (label: string, why: string): HayasaError =>
  new HayasaError({
    code: 'environment/no-npm',
    message: {
      en: `${label}: npm does not run here: ${why}`,
      ja: `${label}: ここでは npm が動きません: ${why}`,
    },
    hint: {
      en: 'put npm on the path; it comes with Node',
      ja: 'npm をパスに置いてください。Node に付属しています',
    },
  });

const TAIL_LINES = 12;

const tailOf = (output: string): string => output.trimEnd().split('\n').slice(-TAIL_LINES).join('\n');

const failed = (label: string, output: string): HayasaError =>
  new HayasaError({
    code: 'environment/failed',
    message: {
      en: `${label}: download and install: failed\n${tailOf(output)}`,
      ja: `${label}: ダウンロードとインストールに失敗しました\n${tailOf(output)}`,
    },
    hint: {
      en: 'the last lines of npm say why; nothing was left behind',
      ja: '原因は npm の最後の数行に出ています。途中のファイルは残っていません',
    },
  });

const megabytes = (bytes: number): number => Math.round(bytes / 1e6);

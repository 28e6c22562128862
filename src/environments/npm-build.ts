/**
 * Libraries of an engine for another device than the CPU: one npm package in a prefix of its own, installed on request.
 * Named like a version set (`llama-cpp@cuda`); whole and in its place, or absent.
 */
import { join } from 'node:path';
import type { Host } from '../host/host.ts';
import { runProcess } from '../host/run-process.ts';
import { EXIT, HayasaError } from '../kernel/errors.ts';
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
  | { readonly kind: 'npm-installable'; readonly reason: string; readonly build: NpmBuild }
  | { readonly kind: 'impossible'; readonly reason: string };

/** Read from files: nothing is loaded. */
export function npmBuildHealth(
  { files, system }: Pick<Host, 'files' | 'system'>,
  name: EnvironmentName,
  build: NpmBuild,
): NpmBuildHealth {
  if (system.platform !== build.platform || system.architecture !== build.architecture) {
    return {
      kind: 'impossible',
      reason: `its libraries are for ${build.platform} ${build.architecture}, this is ${system.platform} ${system.architecture}`,
    };
  }
  const folder = environmentFolder(system, name);
  const found = installedVersion(files, folder, build);
  if (found === build.version) {
    return { kind: 'npm-ready', packageFolder: join(folder, 'node_modules', build.package), build };
  }
  const reason =
    found === undefined
      ? 'not installed'
      : `what is installed (${found}) is not what this version of Hayasa is written for (${build.version})`;
  return { kind: 'npm-installable', reason, build };
}

export interface NpmInstallTask {
  readonly signal: AbortSignal;
  readonly onStep: (name: string) => void;
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
    onStep('download and install');
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
    message: `${label}: ${build.package}@${build.version} has the hash ${String(found ?? 'none')}, not ${build.integrity}`,
    hint: 'do not use it; try another mirror. Nothing was left behind',
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
    message: `${label} needs ${megabytes(2 * build.installedBytes)} MB, ${megabytes(free)} MB are free`,
    hint: 'free space, or set HAYASA_DATA to a folder on a larger disk',
  });

const interrupted = (label: string): HayasaError =>
  new HayasaError({
    code: 'environment/interrupted',
    message: `${label}: interrupted; nothing was left behind`,
    hint: `to install it: hayasa engines install ${label}`,
    exitCode: EXIT.interrupted,
  });

const noNpm = (label: string, why: string): HayasaError =>
  new HayasaError({
    code: 'environment/no-npm',
    message: `${label}: npm does not run here: ${why}`,
    hint: 'put npm on the path; it comes with Node',
  });

const TAIL_LINES = 12;

const failed = (label: string, output: string): HayasaError =>
  new HayasaError({
    code: 'environment/failed',
    message: `${label}: download and install: failed\n${output.trimEnd().split('\n').slice(-TAIL_LINES).join('\n')}`,
    hint: 'the last lines of npm say why; nothing was left behind',
  });

const megabytes = (bytes: number): number => Math.round(bytes / 1e6);

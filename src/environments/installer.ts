/** The programs that fill an environment: uv where it is present, else `venv` and pip. The same lock serves both. */

import type { Host } from '../host/host.ts';
import type { ProcessSpec } from '../host/processes.ts';
import { runProcess } from '../host/run-process.ts';
import { HayasaError } from '../kernel/errors.ts';
import type { Words } from '../kernel/language.ts';
import { interpreterOf } from './folders.ts';

export const INSTALLERS = ['uv', 'pip'] as const;
export type InstallerId = (typeof INSTALLERS)[number];

export interface InstallSources {
  /** A package index beside the usual one: where torch's CPU builds are. */
  readonly torchIndex?: string;
  /** A folder or page of wheels. */
  readonly findLinks?: string;
}

export interface InstallStep {
  readonly name: Words;
  readonly command: Pick<ProcessSpec, 'command' | 'args'>;
}

/** The installer asked for, or uv where it runs. @throws HayasaError `environment/no-uv` */
export async function chooseInstaller(
  { system }: Pick<Host, 'system'>,
  asked: InstallerId | undefined,
): Promise<InstallerId> {
  if (asked === 'pip') return 'pip';
  const { exit } = await runProcess({
    command: 'uv',
    args: ['--version'],
    environment: system.environment,
  });
  if (exit.kind === 'exited' && exit.code === 0) return 'uv';
  if (asked === undefined) return 'pip';
  throw new HayasaError({
    code: 'environment/no-uv',
    message: { en: 'uv does not run here', ja: 'ここでは uv が動きません' },
    hint: {
      en: 'install it (pip install uv), or leave --installer out to use venv and pip',
      ja: 'インストールするか（pip install uv）、--installer を省いて venv と pip を使ってください',
    },
  });
}

/**
 * What makes an environment of `lock` in `folder`. Dependencies are not resolved: a lock is complete, and leaves out
 * what an engine declares but does not need.
 */
export function installSteps(
  installer: InstallerId,
  python: string,
  folder: string,
  lock: string,
  sources: InstallSources,
): readonly InstallStep[] {
  const { torchIndex, findLinks } = sources;
  const links = findLinks === undefined ? [] : ['--find-links', findLinks];
  const locked = ['--require-hashes', '--no-deps', ...links, '-r', lock];
  const interpreter = interpreterOf(folder);
  switch (installer) {
    case 'uv':
      return [
        step(MAKE, 'uv', ['venv', '--no-project', '--python', python, folder]),
        step(DOWNLOAD, 'uv', [
          ...['pip', 'install', '--python', interpreter, '--compile-bytecode'],
          // Hashes decide what is installed; the order of indexes must not.
          ...(torchIndex === undefined
            ? []
            : ['--extra-index-url', torchIndex, '--index-strategy', 'unsafe-best-match']),
          ...locked,
        ]),
      ];
    case 'pip':
      return [
        step(MAKE, python, ['-m', 'venv', folder]),
        step(DOWNLOAD, interpreter, [
          ...['-m', 'pip', 'install', '--disable-pip-version-check', '--no-input', '--progress-bar', 'off'],
          ...(torchIndex === undefined ? [] : ['--extra-index-url', torchIndex]),
          ...locked,
        ]),
      ];
  }
}

const MAKE: Words = { en: 'make the environment', ja: '環境の作成' };
const DOWNLOAD: Words = { en: 'download and install', ja: 'ダウンロードとインストール' };

const step = (name: Words, command: string, args: readonly string[]): InstallStep => ({
  name,
  command: { command, args },
});

const PR_SET_PDEATHSIG = 1;
/** Waits for the command, and ends its whole group (helpers of pip and venv are in it) when the parent is gone. */
const WITH_PARENT = [
  'import ctypes, os, signal, subprocess, sys',
  'signal.signal(signal.SIGTERM, lambda *_: os.killpg(0, signal.SIGKILL))',
  `ctypes.CDLL(None).prctl(${PR_SET_PDEATHSIG}, signal.SIGTERM)`,
  'sys.exit(min(abs(subprocess.call(sys.argv[1:])), 255))',
].join('; ');

/**
 * The same command as the leader of a process group that ends when the process that started it is gone (Linux; see prctl(2)).
 * `executable`: the interpreter itself. A script that starts one (pyenv's) would stand between, and live on.
 */
export const endingWithParent = (
  executable: string,
  { command, args }: InstallStep['command'],
): InstallStep['command'] => ({
  command: executable,
  args: ['-c', WITH_PARENT, command, ...args],
});

/**
 * pip reads its own settings; uv does not read pip's. A folder of wheels that pip is set to use is where a machine
 * keeps its CPU build of torch, so uv is told of it.
 */
export async function pipFindLinks(
  { system }: Pick<Host, 'system'>,
  python: string,
): Promise<string | undefined> {
  const { exit, stdout } = await runProcess({
    command: python,
    args: ['-m', 'pip', 'config', 'list'],
    environment: system.environment,
  });
  if (exit.kind !== 'exited' || exit.code !== 0) return undefined;
  const values = [...stdout.matchAll(/^(?::env:\.|global\.|install\.)find-links='([^'\s]+)'$/gm)];
  return values[0]?.[1];
}

/** Environments are whole or absent, whatever happens on the way. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { interpreterOf } from '../../src/environments/folders.ts';
import { environmentHealth } from '../../src/environments/health.ts';
import { type InstallTask, installEnvironment } from '../../src/environments/install.ts';
import { chooseInstaller } from '../../src/environments/installer.ts';
import { environmentFolder, listEnvironments } from '../../src/environments/record.ts';
import { uninstallEnvironment } from '../../src/environments/uninstall.ts';
import { HayasaError } from '../../src/kernel/errors.ts';
import { isAlive } from '../support/local-worker.ts';
import { LABEL, NAME, type StandInSettings, type StandIns, standIns, task } from './stand-ins.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function machine(settings?: StandInSettings): StandIns {
  const made = standIns(settings);
  folders.push(made.folder);
  return made;
}

/** Everything in the folder of environments, hidden things too. */
const left = ({ host }: StandIns): string[] => {
  const folder = join(host.system.dataFolder, 'environments');
  return existsSync(folder) ? readdirSync(folder) : [];
};

async function errorOf({ host, lock }: StandIns, changes: Partial<InstallTask> = {}): Promise<HayasaError> {
  const error: unknown = await installEnvironment(host, task(lock, changes)).catch(
    (caught: unknown) => caught,
  );
  if (error instanceof HayasaError) return error;
  throw new Error(`installed, or not ours: ${String(error)}`);
}

const asked = ({ host }: StandIns): string =>
  readFileSync(join(environmentFolder(host.system, NAME), 'bin', 'asked'), 'utf8');

describe('an environment', () => {
  it('is built with venv and pip from the lock, hashes required, nothing resolved', async () => {
    const stand = machine();
    const sources = { torchIndex: 'http://torch.invalid/cpu', findLinks: '/media/wheels' };
    const { folder, record } = await installEnvironment(stand.host, task(stand.lock, { sources }));
    expect(record).toMatchObject({
      engine: 'stand-in',
      versionSet: '1.0',
      accelerator: 'cpu',
      lockHash: stand.lock.hash,
      python: '3.11.7',
      installer: 'pip',
    });
    expect(existsSync(interpreterOf(folder))).toBe(true);
    expect(asked(stand).trim()).toBe(
      `-m pip install --disable-pip-version-check --no-input --progress-bar off --extra-index-url http://torch.invalid/cpu --require-hashes --no-deps --find-links /media/wheels -r ${stand.lock.path}`,
    );
    expect(left(stand)).toEqual([LABEL]);
  });

  it('is unpacked beside itself, on the disk whose room was checked', async () => {
    const stand = machine();
    const { folder } = await installEnvironment(stand.host, task(stand.lock));
    const temporary = readFileSync(join(folder, 'bin', 'temporary'), 'utf8').trim();
    expect(dirname(temporary)).toBe(dirname(folder));
    expect(existsSync(temporary)).toBe(false);
  });

  it('is built with uv from the same lock, with the wheels that pip is set to use', async () => {
    const stand = machine({ programs: ['python3', 'uv'] });
    expect(await chooseInstaller(stand.host, undefined)).toBe('uv');
    await installEnvironment(stand.host, task(stand.lock, { installer: 'uv' }));
    expect(asked(stand)).toContain('--require-hashes --no-deps --find-links /media/wheels -r ');
  });

  it('is built with pip where there is no uv', async () => {
    const { host } = machine();
    expect(await chooseInstaller(host, undefined)).toBe('pip');
    await expect(chooseInstaller(host, 'uv')).rejects.toMatchObject({ code: 'environment/no-uv' });
  });

  it('is ready, listed and removed', async () => {
    const stand = machine();
    const health = () => environmentHealth(stand.host, NAME, stand.locksFolder);
    expect(health()).toMatchObject({ kind: 'installable', reason: { en: 'not installed' } });
    await installEnvironment(stand.host, task(stand.lock));
    expect(health()).toMatchObject({ kind: 'ready', lock: { versions: { 'stand-in': '1.0.2' } } });
    expect(listEnvironments(stand.host).map(({ record }) => record.engine)).toEqual(['stand-in']);
    expect(uninstallEnvironment(stand.host, NAME)).toBeGreaterThan(0);
    expect(uninstallEnvironment(stand.host, NAME)).toBeUndefined();
    expect(left(stand)).toEqual([]);
  });

  it('of another lock than this version has is not ready', async () => {
    const stand = machine();
    await installEnvironment(stand.host, task({ ...stand.lock, hash: '0123456789abcdef' }));
    expect(environmentHealth(stand.host, NAME, stand.locksFolder)).toMatchObject({
      kind: 'installable',
      reason: { en: 'what is installed (lock 0123456789abcdef) is not what this version locks' },
    });
  });

  it('cannot be had without a lock, or on another platform', () => {
    const { host, locksFolder } = machine();
    expect(environmentHealth(host, { ...NAME, versionSet: '2.0' }, locksFolder)).toMatchObject({
      kind: 'impossible',
      reason: { en: 'this version of Hayasa has no lock for stand-in@2.0' },
    });
    const mac = { ...host, system: { ...host.system, platform: 'darwin', architecture: 'arm64' } };
    expect(environmentHealth(mac, NAME, locksFolder)).toMatchObject({
      kind: 'impossible',
      reason: { en: 'its packages are locked for linux x64, this is darwin arm64' },
    });
  });

  it('that is half there counts as absent, and is replaced', async () => {
    const stand = machine();
    const folder = environmentFolder(stand.host.system, NAME);
    mkdirSync(join(folder, 'bin'), { recursive: true });
    writeFileSync(join(folder, 'bin', 'old'), '');
    expect(environmentHealth(stand.host, NAME, stand.locksFolder).kind).toBe('installable');
    await installEnvironment(stand.host, task(stand.lock));
    expect(existsSync(join(folder, 'bin', 'old'))).toBe(false);
    expect(left(stand)).toEqual([LABEL]);
  });
});

describe('a failed install', () => {
  it('leaves nothing behind, and an older environment as it was', async () => {
    const stand = machine();
    await installEnvironment(stand.host, task(stand.lock));
    const failing = machine({ failure: 'ERROR: something' });
    const host = {
      ...stand.host,
      system: { ...failing.host.system, dataFolder: stand.host.system.dataFolder },
    };
    const error = await errorOf({ ...stand, host });
    expect(error.code).toBe('environment/failed');
    expect(error.message).toBe('stand-in@1.0: download and install: failed\nERROR: something');
    expect(left(stand)).toEqual([LABEL]);
    expect(environmentHealth(stand.host, NAME, stand.locksFolder).kind).toBe('ready');
  });

  it('for want of space says so before anything is downloaded', async () => {
    const stand = machine();
    const host = { ...stand.host, files: { ...stand.host.files, freeBytes: () => 1_000_000 } };
    const error = await errorOf({ ...stand, host });
    expect(error.code).toBe('environment/disk-full');
    expect(error.hint).toBe('free space, or set HAYASA_DATA to a folder on a larger disk');
    expect(left(stand)).toEqual([]);
  });

  it('by Ctrl-C ends the installer and leaves nothing', async () => {
    const stand = machine({ hangs: true });
    const controller = new AbortController();
    const error = await errorOf(stand, {
      signal: controller.signal,
      onOutput: (text) => {
        if (text.includes('started')) controller.abort();
      },
    });
    expect([error.code, error.exitCode]).toEqual(['environment/interrupted', 130]);
    expect(left(stand)).toEqual([]);
  });

  it('by a kill is cleaned up by the next', async () => {
    const stand = machine();
    const root = join(stand.host.system.dataFolder, 'environments');
    mkdirSync(join(root, `.${LABEL}.999999999.partial`, 'bin'), { recursive: true });
    writeFileSync(join(root, `.${LABEL}.installing`), '999999999');
    expect(environmentHealth(stand.host, NAME, stand.locksFolder).kind).toBe('installable');
    await installEnvironment(stand.host, task(stand.lock));
    expect(left(stand)).toEqual([LABEL]);
  });

  it('because another process installs the same names that process', async () => {
    const stand = machine();
    const root = join(stand.host.system.dataFolder, 'environments');
    mkdirSync(root, { recursive: true });
    writeFileSync(join(root, `.${LABEL}.installing`), String(process.ppid));
    expect(isAlive(process.ppid)).toBe(true);
    const error = await errorOf(stand);
    expect(error.code).toBe('environment/busy');
    expect(error.message).toBe(`stand-in@1.0: process ${process.ppid} is installing it`);
    expect(() => uninstallEnvironment(stand.host, NAME)).not.toThrow();
    expect(left(stand)).toEqual([`.${LABEL}.installing`]);
  });
});

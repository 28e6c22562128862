/** Builds of llama.cpp for GPUs: on request, in a prefix of their own, whole or absent. npm is a stand-in: no network. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { chosenEnvironments } from '../../src/cli/environments/chosen.ts';
import { ENGINE_DECLARATIONS } from '../../src/engines/declarations.ts';
import { adapter } from '../../src/engines/llama-cpp/adapter.ts';
import { llamaCppBuilds } from '../../src/engines/llama-cpp/builds.ts';
import { createEngine } from '../../src/engines/llama-cpp/worker.ts';
import { installNpmBuild, type NpmBuild } from '../../src/environments/npm-build.ts';
import { uninstallEnvironment } from '../../src/environments/uninstall.ts';
import type { Host } from '../../src/host/host.ts';
import { realHost } from '../../src/host/real-host.ts';
import { HayasaError } from '../../src/kernel/errors.ts';
import { libraryPackage } from '../../src/native/llama/library-location.ts';

/** Does what `npm install --prefix DIR ... PACKAGE@VERSION` does, and writes down how it was called. */
const NPM = `#!/bin/sh
echo "$*" > "$STAND_IN_ASKED"
mkdir -p "$3/node_modules/$STAND_IN_PACKAGE"
[ -z "$STAND_IN_FAILS" ] || { echo "npm error code E404" >&2; exit 1; }
echo "{\\"version\\": \\"$STAND_IN_VERSION\\"}" > "$3/node_modules/$STAND_IN_PACKAGE/package.json"
echo "{\\"packages\\": {\\"node_modules/$STAND_IN_PACKAGE\\": {\\"integrity\\": \\"$STAND_IN_INTEGRITY\\"}}}" > "$3/node_modules/.package-lock.json"
`;

const build = llamaCppBuilds.find(({ name }) => name === 'cuda') as NpmBuild;
const NAME = { engine: 'llama-cpp', versionSet: 'cuda' };
const task = { signal: new AbortController().signal, onStep: () => undefined };

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

interface Machine {
  readonly host: Host;
  readonly folder: string;
  readonly asked: string;
}

function machine(changes: Readonly<Record<string, string>> = {}): Machine {
  const folder = mkdtempSync(join(tmpdir(), 'hayasa-npm-build-'));
  folders.push(folder);
  mkdirSync(join(folder, 'bin'));
  writeFileSync(join(folder, 'bin', 'npm'), NPM);
  chmodSync(join(folder, 'bin', 'npm'), 0o755);
  const asked = join(folder, 'asked');
  const real = realHost();
  const environment = {
    PATH: `${join(folder, 'bin')}:/usr/bin:/bin`,
    STAND_IN_ASKED: asked,
    STAND_IN_PACKAGE: build.package,
    STAND_IN_VERSION: build.version,
    STAND_IN_INTEGRITY: build.integrity,
    ...changes,
  };
  const system = {
    ...real.system,
    platform: 'linux',
    architecture: 'x64',
    environment,
    dataFolder: join(folder, 'data'),
  };
  return { host: { ...real, system }, folder, asked };
}

const environmentsLeft = ({ folder }: Machine): string[] => {
  const root = join(folder, 'data', 'environments');
  return existsSync(root) ? readdirSync(root) : [];
};

async function errorOf(action: Promise<unknown>): Promise<HayasaError> {
  const error: unknown = await action.catch((caught: unknown) => caught);
  if (error instanceof HayasaError) return error;
  throw new Error(`no error, or not ours: ${String(error)}`);
}

describe.skipIf(process.platform === 'win32')('a build for GPUs', () => {
  it('is one npm package of the version of the bindings, without scripts, and known afterwards', async () => {
    const here = machine();
    expect(await adapter.health(here.host, 'cuda')).toMatchObject({
      kind: 'installable',
      how: { en: 'hayasa engines install llama-cpp@cuda' },
      reason: { en: 'llama-cpp@cuda: not installed' },
    });
    const packageFolder = await installNpmBuild(here.host, NAME, build, task);
    const root = join(here.folder, 'data', 'environments');
    expect(packageFolder).toBe(
      join(root, 'llama-cpp@cuda', 'node_modules', '@node-llama-cpp/linux-x64-cuda'),
    );
    expect(readFileSync(here.asked, 'utf8')).toMatch(
      /^install --prefix \S+\.partial --ignore-scripts --no-save --no-audit --no-fund @node-llama-cpp\/linux-x64-cuda@3\.21\.1\n$/,
    );
    expect(environmentsLeft(here)).toEqual(['llama-cpp@cuda']);
    expect(await adapter.health(here.host, 'cuda')).toMatchObject({ kind: 'ready', version: '3.21.1' });
    expect(await adapter.versions(here.host, 'cuda')).toEqual({
      llamaCppPackage: '3.21.1',
      llamaCppBuild: 'cuda',
    });
    expect(uninstallEnvironment(here.host, NAME)).toBeGreaterThan(0);
    expect(environmentsLeft(here)).toEqual([]);
    expect(await adapter.health(here.host, 'cuda')).toMatchObject({ kind: 'installable' });
  });

  it.each([
    ['environment/failed', { STAND_IN_FAILS: '1' }, 'npm error code E404'],
    ['environment/hash-mismatch', { STAND_IN_INTEGRITY: 'sha512-other' }, 'has the hash sha512-other'],
    ['environment/no-npm', { PATH: '/nowhere' }, 'npm does not run here'],
  ])('leaves nothing behind after %s', async (code, changes, message) => {
    const here = machine(changes);
    const error = await errorOf(installNpmBuild(here.host, NAME, build, task));
    expect([error.code, error.message]).toEqual([code, expect.stringContaining(message)]);
    expect(environmentsLeft(here)).toEqual([]);
  });

  it('of another version counts as not installed', async () => {
    const here = machine({ STAND_IN_VERSION: '3.0.0' });
    await installNpmBuild(here.host, NAME, build, task);
    expect(await adapter.health(here.host, 'cuda')).toMatchObject({
      reason: {
        en: 'llama-cpp@cuda: what is installed (3.0.0) is not what this version of Hayasa is written for (3.21.1)',
      },
    });
  });

  it('starts no worker where it is missing, and says which command installs it', () => {
    const { host } = machine();
    const error = (() => {
      try {
        return createEngine(host, 'vulkan');
      } catch (caught) {
        return caught;
      }
    })();
    expect(error).toMatchObject({
      code: 'llama/not-installed',
      message: 'llama-cpp@vulkan: not installed',
      hint: 'hayasa engines install llama-cpp@vulkan',
    });
    expect(() => createEngine(host, 'rocm')).toThrow('llama.cpp has no build rocm');
  });

  it('looks for its libraries in its own prefix: the stand-in has none', async () => {
    const { host } = machine();
    await installNpmBuild(host, NAME, build, task);
    expect(() => createEngine(host, 'cuda')).toThrow('libllama.cuda.v0.4.0.so could not be loaded');
  });

  it('is one of the environments of the command line, and no part of all', () => {
    const labels = (asked: string) =>
      chosenEnvironments(ENGINE_DECLARATIONS, asked).map(({ name }) => `${name.engine}@${name.versionSet}`);
    expect(labels('llama-cpp@vulkan')).toEqual(['llama-cpp@vulkan']);
    expect(labels('all').filter((label) => label.startsWith('llama-cpp'))).toEqual([]);
    expect(() => labels('llama-cpp')).toThrow('llama-cpp needs no environment');
    expect(llamaCppBuilds.map(({ version }) => version)).toEqual(['3.21.1', '3.21.1']);
    expect(build.package).toBe(`${libraryPackage({ platform: 'linux', architecture: 'x64' })}-cuda`);
  });
});

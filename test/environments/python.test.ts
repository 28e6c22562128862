/** Which Python is taken, and what is said where there is none. */
import { rmSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { findPython } from '../../src/environments/python.ts';
import type { Host } from '../../src/host/host.ts';
import { HayasaError } from '../../src/kernel/errors.ts';
import { type StandInSettings, standIns } from './stand-ins.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** A machine whose path holds nothing but the stand-ins. */
function machine(settings: StandInSettings): Host {
  const { host, folder } = standIns(settings);
  folders.push(folder);
  const environment = { ...host.system.environment, PATH: `${folder}/bin` };
  return { ...host, system: { ...host.system, environment } };
}

const problem = async (host: Host, named?: string): Promise<HayasaError> => {
  const error: unknown = await findPython(host, ['3.11', '3.12'], named).catch((caught: unknown) => caught);
  if (error instanceof HayasaError) return error;
  throw new Error('found one');
};

describe('findPython', () => {
  it('takes the first of a locked version', async () => {
    expect(await findPython(machine({ python: '3.12.1' }), ['3.11', '3.12'])).toEqual({
      command: 'python3',
      executable: expect.stringMatching(/bin\/python3$/),
      version: '3.12.1',
      minor: '3.12',
    });
  });

  it('names every one that it tried where there is none', async () => {
    const { code, message, hint } = await problem(machine({ programs: [] }));
    expect(code).toBe('environment/no-python');
    expect(message).toBe(
      'no Python 3.11 or 3.12 (python3.11: not found; python3.12: not found; python3: not found; python: not found)',
    );
    expect(hint).toBe('install Python 3.11 or 3.12 and name it with --python PATH');
  });

  it('refuses a version that nothing is locked for', async () => {
    const { code, message } = await problem(machine({ python: '3.8.18' }), 'python3');
    expect(code).toBe('environment/wrong-python');
    expect(message).toBe('no Python 3.11 or 3.12 (python3: Python 3.8.18)');
  });

  it('refuses what is no Python', async () => {
    const { code, message } = await problem(machine({}), '/bin/true');
    expect(code).toBe('environment/no-python');
    expect(message).toBe('no Python 3.11 or 3.12 (/bin/true: it does not answer as a Python does)');
  });
});

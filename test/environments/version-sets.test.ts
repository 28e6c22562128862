/** Every version set that an engine declares can be had, and differs as it declares. */
import { describe, expect, it } from 'vitest';
import { ENGINE_DECLARATIONS } from '../../src/engines/declarations.ts';
import { transformersDeclaration } from '../../src/engines/transformers/declaration.ts';
import { inVersionSet } from '../../src/engines/version-set.ts';
import { LOCKS_FOLDER } from '../../src/environments/health.ts';
import { readLocks } from '../../src/environments/lock.ts';
import { realHost } from '../../src/host/real-host.ts';
import { presetOf } from '../../src/models/presets.ts';
import { feasibility } from '../../src/plan/feasibility.ts';
import { BASE_CELL } from '../fixtures/synthetic-journal.ts';

const { files } = realHost();
const sets = ENGINE_DECLARATIONS.flatMap(({ id, worker }) =>
  worker.kind === 'python' ? worker.versionSets.map((versionSet) => ({ engine: id, versionSet })) : [],
);

describe('a version set', () => {
  it.each(sets)('$engine@$versionSet has a lock, with a hash for each of its packages', (name) => {
    const locks = readLocks(files, LOCKS_FOLDER, name);
    expect(locks.length).toBeGreaterThan(0);
    for (const { path, versions } of locks) {
      const entries = files
        .readText(path)
        .split(/^(?=[a-z0-9][^\n]*==)/m)
        .slice(1);
      expect(entries.length).toBe(Object.keys(versions).length);
      expect(entries.filter((entry) => !entry.includes('--hash=sha256:'))).toEqual([]);
    }
  });

  it('differs only where there is one', () => {
    for (const { id, worker, versionDifferences = {} } of ENGINE_DECLARATIONS) {
      const builds = worker.kind === 'node' ? (worker.builds ?? []) : [];
      const known = worker.kind === 'python' ? worker.versionSets.slice(1) : builds.map(({ name }) => name);
      expect(known, id).toEqual(expect.arrayContaining(Object.keys(versionDifferences)));
    }
  });
});

describe('transformers@4.33', () => {
  const old = { ...BASE_CELL, engine: 'transformers', engineVersion: '4.33' } as const;
  const eager = { attention: 'eager', compile: false, offload: 'none' };
  const reasonOf = (changes: Partial<typeof BASE_CELL>): string => {
    const shape = presetOf('tiny').shape;
    const model = { kind: 'checkpoint', name: 'tiny', shape, eosTokenId: 0 } as unknown as Parameters<
      typeof feasibility
    >[1];
    const machine = { availableMemoryBytes: 16e9 } as Parameters<typeof feasibility>[4];
    const verdict = feasibility({ ...old, ...changes }, model, transformersDeclaration, undefined, machine);
    return verdict.kind === 'runs' ? 'runs' : verdict.reason.en;
  };

  it('runs what the versions of its time have', () => {
    expect(reasonOf({ options: eager, precision: 'bf16' })).toBe('runs');
  });

  it('refuses what they lack, with the reason', () => {
    expect(reasonOf({ options: { ...eager, attention: 'sdpa' } })).toBe(
      'Transformers 4.33 has eager attention alone: write attention: eager',
    );
    expect(reasonOf({ options: { ...eager, compile: true } })).toBe(
      'generate of Transformers 4.33 compiles nothing',
    );
    expect(reasonOf({ options: eager, precision: 'w8a8' })).toBe('Transformers (4.33) has no w8a8');
    expect(reasonOf({ options: eager, batching: 'continuous' })).toBe(
      'Transformers (4.33) has no continuous batching',
    );
  });

  it('leaves the declaration as it is where no version is asked for', () => {
    expect(inVersionSet(transformersDeclaration, undefined)).toBe(transformersDeclaration);
    expect(inVersionSet(transformersDeclaration, '5.18')).toBe(transformersDeclaration);
  });
});

import { describe, expect, it } from 'vitest';
import { BASE_CELL } from '../../../test/fixtures/synthetic-journal.ts';
import { testHost } from '../../host/test-host.ts';
import { presetOf } from '../../models/presets.ts';
import { adapter } from './adapter.ts';
import { fasterTransformerDeclaration } from './declaration.ts';

describe('FasterTransformer', () => {
  it('refuses lengths that are drawn for each sequence: its program has one for the whole batch', () => {
    const supports = (batch: number, stop: 'forced' | 'drawn-uniform') =>
      fasterTransformerDeclaration.supports({ ...BASE_CELL, batch, stop }, presetOf('open-calm-small').shape)
        .kind;
    expect([supports(4, 'forced'), supports(1, 'drawn-uniform'), supports(4, 'drawn-uniform')]).toEqual([
      'supported',
      'supported',
      'unsupported',
    ]);
  });

  it('is impossible where there is no GPU, and starts no worker', async () => {
    const host = testHost();
    expect(await adapter.health(host)).toMatchObject({ kind: 'impossible', reason: { en: 'no GPU' } });
    await expect(adapter.workerCommand!(host)).rejects.toThrow('FasterTransformer: no GPU');
  });

  it('is installable, then ready, where a driver is', async () => {
    const driver = { '/proc/driver/nvidia/version': 'NVRM version: 1\nGCC version: 2\n' };
    const library = { '/ft/build/lib/libth_transformer.so': '' };
    const system = { environment: { HAYASA_FASTERTRANSFORMER: '/ft' } };
    expect(await adapter.health(testHost({ files: driver }))).toMatchObject({
      kind: 'installable',
      reason: { en: 'HAYASA_FASTERTRANSFORMER is not set' },
    });
    expect(await adapter.health(testHost({ files: driver, system }))).toMatchObject({
      kind: 'installable',
      reason: { en: '/ft/build/lib/libth_transformer.so is not there' },
    });
    const host = testHost({ files: { ...driver, ...library }, system });
    expect((await adapter.health(host)).kind).toBe('ready');
    expect(await adapter.versions(host)).toMatchObject({ nvidiaDriver: 'NVRM version: 1' });
    expect((await adapter.workerCommand!(host)).args).toEqual(['-m', 'hayasa_worker', 'fastertransformer']);
  });
});

import { describe, expect, it } from 'vitest';
import { testHost } from '../../host/test-host.ts';
import { adapter } from './adapter.ts';

describe('FasterTransformer', () => {
  it('is impossible where there is no GPU, and starts no worker', async () => {
    const host = testHost();
    expect(await adapter.health(host)).toEqual({ kind: 'impossible', reason: 'no GPU' });
    await expect(adapter.workerCommand!(host)).rejects.toThrow('FasterTransformer: no GPU');
  });

  it('is installable, then ready, where a driver is', async () => {
    const driver = { '/proc/driver/nvidia/version': 'NVRM version: 1\nGCC version: 2\n' };
    const library = { '/ft/build/lib/libth_transformer.so': '' };
    const system = { environment: { HAYASA_FASTERTRANSFORMER: '/ft' } };
    expect(await adapter.health(testHost({ files: driver }))).toMatchObject({
      kind: 'installable',
      reason: 'HAYASA_FASTERTRANSFORMER is not set',
    });
    expect(await adapter.health(testHost({ files: driver, system }))).toMatchObject({
      kind: 'installable',
      reason: '/ft/build/lib/libth_transformer.so is not there',
    });
    const host = testHost({ files: { ...driver, ...library }, system });
    expect((await adapter.health(host)).kind).toBe('ready');
    expect(await adapter.versions(host)).toMatchObject({ nvidiaDriver: 'NVRM version: 1' });
    expect((await adapter.workerCommand!(host)).args).toEqual(['-m', 'hayasa_worker', 'fastertransformer']);
  });
});

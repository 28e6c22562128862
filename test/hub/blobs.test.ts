/** The blobs of the hub's cache: one download at a time, and nothing but reading for whoever finds them there. */
import { describe, expect, it } from 'vitest';
import { type TestHost, testHost } from '../../src/host/test-host.ts';
import { downloadModel, type HubRequest } from '../../src/hub/download.ts';
import type { HayasaError } from '../../src/kernel/errors.ts';
import { hubStandIn, standInNetwork } from './stand-in.ts';

const COMMIT = 'a'.repeat(40);
const WEIGHTS = Uint8Array.from({ length: 100_000 }, (_, index) => (index * 31) % 251);
const MODEL = '/home/test/.cache/huggingface/hub/models--org--model';
const SNAPSHOT = `${MODEL}/snapshots/${COMMIT}`;
const BLOBS = `${MODEL}/blobs`;

function setUp(environment: Record<string, string> = {}) {
  const files = {
    'config.json': '{"model_type":"gpt_neox"}',
    'tokenizer.json': '{}',
    'model.safetensors': WEIGHTS,
  };
  const hub = hubStandIn({ name: 'org/model', commit: COMMIT, files });
  const system = { environment: { HOME: '/home/test', HF_ENDPOINT: 'http://127.0.0.1:8', ...environment } };
  return { hub, host: testHost({ network: standInNetwork(hub), system }) };
}

const download = (host: TestHost, request: Partial<HubRequest> = {}) =>
  downloadModel(host, { id: { name: 'org/model', revision: 'main' }, part: 'model', ...request });

describe('a blob', () => {
  it('lets one download at a time append to a blob: the other one is told who has it', async () => {
    const { host } = setUp();
    const [first, second] = await Promise.allSettled([download(host), download(host)]);
    const results = [first, second].map((one) =>
      one.status === 'fulfilled' ? 'done' : (one.reason as HayasaError).code,
    );
    expect(results.sort()).toEqual(['done', 'hub/busy']);
    expect(
      Buffer.from(host.files.readRange(`${SNAPSHOT}/model.safetensors`, 0, WEIGHTS.length)).equals(WEIGHTS),
    ).toBe(true);
    expect(host.files.list(BLOBS).filter((name) => name.endsWith('.lock'))).toEqual([]);
  });

  it('takes over the lock of a process that is gone', async () => {
    const { hub, host } = setUp();
    await download(host);
    const [blob = ''] = host.files.list(BLOBS);
    host.files.remove(`${BLOBS}/${blob}`);
    host.files.writeText(`${BLOBS}/${blob}.lock`, '0x7fffffff');
    await download(host, { refresh: true });
    expect(host.files.kind(`${BLOBS}/${blob}`)).toBe('file');
    expect(hub.requests.length).toBeGreaterThan(0);
  });

  it('is read without a valid token, which only the hub needs', async () => {
    const { host } = setUp();
    await download(host);
    const { host: other } = setUp({ HF_TOKEN: 'my password', HF_ENDPOINT: 'no address' });
    const cached = { ...host, system: { ...host.system, environment: other.system.environment } };
    expect((await download(cached)).commit).toBe(COMMIT);
  });
});

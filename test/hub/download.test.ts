/** Downloads from a stand-in of the hub on a virtual clock: what is fetched, what is refused, and every fault. */
import { describe, expect, it } from 'vitest';
import { type TestHost, testHost } from '../../src/host/test-host.ts';
import { downloadModel, type HubProgress, type HubRequest } from '../../src/hub/download.ts';
import { HayasaError } from '../../src/kernel/errors.ts';
import { same } from '../../src/kernel/language.ts';
import { hubStandIn, type StandIn, type StandInRepository, standInNetwork } from './stand-in.ts';

const COMMIT = 'a'.repeat(40);
const LATER = 'b'.repeat(40);
const WEIGHTS = Uint8Array.from({ length: 100_000 }, (_, index) => (index * 31) % 251);
const REPOSITORY: StandInRepository = {
  name: 'org/model',
  commit: COMMIT,
  files: {
    'README.md': 'a model',
    'config.json': '{"model_type":"gpt_neox"}',
    'modeling_own.py': 'import os',
    'pytorch_model.bin': 'pickle',
    'tokenizer.json': '{}',
    'model.safetensors': WEIGHTS,
  },
};
const CACHE = '/home/test/.cache/huggingface/hub';
const SNAPSHOT = `${CACHE}/models--org--model/snapshots/${COMMIT}`;
const BLOBS = `${CACHE}/models--org--model/blobs`;

function setUp(
  repository: Partial<StandInRepository> = {},
  environment: Record<string, string> = {},
): { readonly hub: StandIn; readonly host: TestHost } {
  const hub = hubStandIn({ ...REPOSITORY, ...repository });
  const system = { environment: { HOME: '/home/test', HF_ENDPOINT: 'http://127.0.0.1:8', ...environment } };
  return { hub, host: testHost({ network: standInNetwork(hub), system }) };
}

const download = (host: TestHost, request: Partial<HubRequest> = {}) =>
  downloadModel(host, { id: { name: 'org/model', revision: 'main' }, part: 'model', ...request });

async function failureOf(promise: Promise<unknown>): Promise<HayasaError> {
  const error: unknown = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof HayasaError) return error;
  throw new Error(`no HayasaError: ${String(error)}`);
}

/** Compared as buffers: `toEqual` looks at every element. */
const weightsIn = (host: TestHost, folder: string): Buffer =>
  Buffer.from(host.files.readRange(`${folder}/model.safetensors`, 0, WEIGHTS.length));

const incomplete = (host: TestHost): string[] =>
  host.files.kind(BLOBS) === undefined
    ? []
    : host.files.list(BLOBS).filter((name) => name.endsWith('.incomplete'));

/** Content up to `bytes`, then the connection is gone. */
const cutAfter =
  (bytes: number) =>
  (path: string, start: number, whole: Uint8Array): Response | undefined => {
    if (path !== 'model.safetensors') return undefined;
    let sent = false;
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        if (sent) controller.error(new TypeError('terminated'));
        else controller.enqueue(whole.slice(start, start + bytes));
        sent = true;
      },
    });
    return new Response(body, { status: start === 0 ? 200 : 206 });
  };

describe('a download', () => {
  it('takes configuration, tokenizer and safetensors, never code and pickles, into the layout of the hub', async () => {
    const { hub, host } = setUp();
    expect(await download(host)).toEqual({ folder: SNAPSHOT, commit: COMMIT });
    expect(host.files.list(SNAPSHOT)).toEqual(['config.json', 'model.safetensors', 'tokenizer.json']);
    expect(weightsIn(host, SNAPSHOT).equals(WEIGHTS)).toBe(true);
    expect(host.files.readText(`${CACHE}/models--org--model/refs/main`)).toBe(COMMIT);
    expect(hub.requests.filter((path) => /\.(?:py|bin|md)/.test(path))).toEqual([]);
    expect(incomplete(host)).toEqual([]);
  });

  it('asks nothing for what the cache holds, and asks again on request', async () => {
    const { hub, host } = setUp();
    await download(host);
    const asked = hub.requests.length;
    expect((await download(host)).commit).toBe(COMMIT);
    expect(hub.requests).toHaveLength(asked);
    hub.repository = { ...hub.repository, commit: LATER };
    expect((await download(host)).commit).toBe(COMMIT);
    const refreshed = await download(host, { refresh: true });
    expect(refreshed.commit).toBe(LATER);
    // The content is the same: its blobs are there already.
    expect(hub.requests.slice(asked).filter((path) => path.includes('/resolve/'))).toEqual([]);
  });

  it('takes a revision by branch, tag or commit', async () => {
    const { host } = setUp();
    const id = { name: 'org/model', revision: 'v1' };
    expect((await download(host, { id })).commit).toBe(COMMIT);
    expect((await download(host, { id: { ...id, revision: COMMIT }, offline: true })).folder).toBe(SNAPSHOT);
  });

  it('fetches the shards that the index names', async () => {
    const index = JSON.stringify({ weight_map: { a: 'model-1.safetensors', b: 'model-2.safetensors' } });
    const { 'model.safetensors': weights, ...rest } = REPOSITORY.files;
    const { host } = setUp({
      files: {
        ...rest,
        'model.safetensors.index.json': index,
        'model-1.safetensors': weights!,
        'model-2.safetensors': 'second',
        'consolidated.safetensors': 'another copy',
      },
    });
    const { folder } = await download(host);
    expect(host.files.list(folder)).toEqual([
      'config.json',
      'model-1.safetensors',
      'model-2.safetensors',
      'model.safetensors.index.json',
      'tokenizer.json',
    ]);
  });

  it('fetches only what a tokenizer needs where nothing else is asked for, and the weights later', async () => {
    const { host } = setUp();
    await download(host, { part: 'tokenizer' });
    expect(host.files.list(SNAPSHOT)).toEqual(['config.json', 'tokenizer.json']);
    await download(host);
    expect(host.files.list(SNAPSHOT)).toContain('model.safetensors');
  });

  it('reports bytes and speed', async () => {
    const { hub, host } = setUp();
    const seen: HubProgress[] = [];
    hub.contentFault = (path) => {
      if (path === 'model.safetensors') host.clock.advance_ns(2_000_000_000n);
      return undefined;
    };
    await download(host, { onProgress: (progress) => seen.push(progress) });
    expect(seen.at(-1)).toEqual({
      model: 'org/model',
      file: 'model.safetensors',
      bytes: 100_000,
      totalBytes: 100_000,
      bytesPerSecond: 50_000,
    });
  });

  it('has a look at the configuration before it fetches weights', async () => {
    const { hub, host } = setUp();
    const checkConfig = (): void => {
      throw new HayasaError({ code: 'model/unknown-architecture', message: same('unknown') });
    };
    expect((await failureOf(download(host, { checkConfig }))).code).toBe('model/unknown-architecture');
    expect(hub.requests.filter((path) => path.includes('safetensors'))).toEqual([]);
  });
});

describe('a token', () => {
  const TOKEN = 'hf_secretsecret';

  it('goes to the hub and into no message', async () => {
    const { hub, host } = setUp({}, { HF_TOKEN: TOKEN });
    await download(host);
    expect(new Set(hub.authorizations)).toEqual(new Set([`Bearer ${TOKEN}`]));
    hub.status = 403;
    const error = await failureOf(download(host, { refresh: true }));
    expect(error.code).toBe('hub/no-access');
    expect(error.hint).toContain('HF_TOKEN');
    expect(`${error.message} ${error.hint} ${String(error.cause)}`).not.toContain(TOKEN);
  });

  it('stays with the hub where a redirect leads elsewhere', async () => {
    const { hub, host: plain } = setUp({}, { HF_TOKEN: TOKEN });
    const direct = standInNetwork(hub);
    const elsewhere: (string | null)[] = [];
    const network: typeof direct = {
      ...direct,
      fetch: async (input, init) => {
        const url = input instanceof Request ? input.url : String(input);
        const isElsewhere = url.startsWith('https://elsewhere.test');
        if (isElsewhere) elsewhere.push(new Headers(init?.headers).get('authorization'));
        const answer = await direct.fetch(url.replace('https://elsewhere.test', 'http://127.0.0.1:8'), init);
        if (isElsewhere || !url.includes('/resolve/')) return answer;
        const headers = new Headers(answer.headers);
        headers.set('X-Cache', 'Hit from cloudfront');
        const redirected = new Response(answer.body, { status: answer.status, headers });
        Object.defineProperty(redirected, 'url', {
          value: url.replace('http://127.0.0.1:8', 'https://elsewhere.test'),
        });
        return redirected;
      },
    };
    await download(testHost({ network, system: { environment: plain.system.environment } }));
    expect(elsewhere.length).toBeGreaterThan(0);
    expect(new Set(elsewhere)).toEqual(new Set([null]));
  });

  it('is refused without being shown where it is none', async () => {
    const { host } = setUp({}, { HF_TOKEN: 'my password' });
    const error = await failureOf(download(host));
    expect(error.code).toBe('hub/bad-token');
    expect(`${error.message} ${error.hint}`).not.toContain('password');
  });
});

describe('a refusal', () => {
  it.each([
    [401, 'hub/no-access', /HF_TOKEN/],
    [403, 'hub/no-access', /terms/],
    [404, 'hub/not-found', /revision/],
    [429, 'hub/too-many-requests', /wait/],
    [500, 'hub/unavailable', /goes on where it stopped/],
  ])('with status %d says what to do', async (status, code, hint) => {
    const { hub, host } = setUp();
    hub.status = status;
    const error = await failureOf(download(host));
    expect(error).toMatchObject({ code, exitCode: 2 });
    expect(error.hint).toMatch(hint);
    // What passes is asked five times.
    expect(hub.requests).toHaveLength(status >= 429 ? 5 : 1);
  });

  it('of an unknown revision is one of the hub', async () => {
    const { host } = setUp();
    const error = await failureOf(download(host, { id: { name: 'org/model', revision: 'none' } }));
    expect(error.code).toBe('hub/not-found');
  });

  it.each([
    ['hub/pickle', { 'config.json': '{}', 'pytorch_model.bin': 'x' }, /save_pretrained/],
    ['hub/no-safetensors', { 'model-Q4_K_M.gguf': 'x' }, /--model FILE\.gguf/],
    ['hub/no-config', { 'model.safetensors': 'x' }, /Transformers/],
  ])('%s comes before anything is fetched', async (code, files, hint) => {
    const { hub, host } = setUp({ files });
    const error = await failureOf(download(host));
    expect(error.code).toBe(code);
    expect(error.hint).toMatch(hint);
    expect(hub.requests.filter((path) => path.includes('/resolve/'))).toEqual([]);
  });

  it('comes of --offline and of HF_HUB_OFFLINE where the cache lacks the model', async () => {
    const { hub, host } = setUp();
    expect((await failureOf(download(host, { offline: true }))).code).toBe('hub/offline');
    const switched = setUp({}, { HF_HUB_OFFLINE: '1' });
    expect((await failureOf(download(switched.host))).hint).toContain('hayasa models download org/model');
    expect(hub.requests).toEqual([]);
  });

  it('tells a missing connection and an answer that is no hub', async () => {
    const { host } = setUp();
    const without = testHost({ system: host.system });
    expect((await failureOf(download(without))).code).toBe('hub/unreachable');
    const page = { answer: () => new Response('<html>') };
    const behind = testHost({ system: host.system, network: standInNetwork(page) });
    expect((await failureOf(download(behind))).code).toBe('hub/bad-answer');
  });
});

describe('a fault on the way', () => {
  it('is got over: a cut connection goes on at the byte where it stopped', async () => {
    const { hub, host } = setUp();
    hub.contentFault = cutAfter(30_000);
    await download(host);
    expect(weightsIn(host, SNAPSHOT).equals(WEIGHTS)).toBe(true);
    const ranges = hub.requests.filter((path) => / bytes=[1-9]/.test(path)).map((path) => path.split(' ')[1]);
    expect(ranges).toEqual(['bytes=30000-99999', 'bytes=60000-99999', 'bytes=90000-99999']);
  });

  it('that stays ends after five tries, and the next invocation goes on', async () => {
    const { hub, host } = setUp();
    hub.contentFault = (path, start, whole) =>
      start === 0 ? cutAfter(40_000)(path, start, whole) : cutAfter(0)(path, start, whole);
    const error = await failureOf(download(host));
    expect(error).toMatchObject({ code: 'hub/cut-off', exitCode: 2 });
    expect(error.message).toContain('40000 of 100000 bytes');
    expect(host.files.kind(SNAPSHOT)).toBeUndefined();
    expect(incomplete(host)).toHaveLength(1);

    hub.contentFault = undefined;
    hub.requests.length = 0;
    await download(host);
    expect(
      hub.requests.filter((path) => path.includes('safetensors')).map((path) => path.split(' ')[1]),
    ).toEqual(['bytes=0-0', 'bytes=40000-99999']);
    expect(weightsIn(host, SNAPSHOT).equals(WEIGHTS)).toBe(true);
  });

  it('never mixes two versions: a file that changed in between is fetched from its beginning', async () => {
    const { hub, host } = setUp();
    hub.contentFault = (path, start, whole) => cutAfter(start === 0 ? 40_000 : 0)(path, start, whole);
    await failureOf(download(host));
    const changed = WEIGHTS.map((byte) => 255 - byte);
    hub.repository = {
      ...REPOSITORY,
      commit: LATER,
      files: { ...REPOSITORY.files, 'model.safetensors': changed },
    };
    hub.contentFault = undefined;
    const { folder, commit } = await download(host);
    expect(commit).toBe(LATER);
    expect(weightsIn(host, folder).equals(changed)).toBe(true);
  });

  it('is refused and removed where the content is not what the hub lists', async () => {
    const { hub, host } = setUp();
    hub.listed['model.safetensors'] = WEIGHTS.map((byte) => 255 - byte);
    const error = await failureOf(download(host));
    expect(error.code).toBe('hub/corrupt');
    expect(host.files.kind(SNAPSHOT)).toBeUndefined();
    expect(incomplete(host)).toEqual([]);
    hub.listed['model.safetensors'] = WEIGHTS.slice(1);
    expect((await failureOf(download(host))).code).toBe('hub/changed');
  });

  it('is refused where a server answers a range with the whole file', async () => {
    const { hub, host } = setUp();
    hub.contentFault = (path, start, whole) =>
      start === 0 ? cutAfter(40_000)(path, start, whole) : new Response(Buffer.from(whole));
    expect((await failureOf(download(host))).code).toBe('hub/bad-answer');
    expect(host.files.kind(SNAPSHOT)).toBeUndefined();
  });

  it('is refused where access ends in between', async () => {
    const { hub, host } = setUp();
    hub.contentFault = (path, start, whole) =>
      start === 0 ? cutAfter(40_000)(path, start, whole) : Response.json({ error: 'gated' }, { status: 403 });
    expect((await failureOf(download(host))).code).toBe('hub/no-access');
  });

  it('ends by its deadline where nothing comes any more', async () => {
    const { hub, host } = setUp();
    hub.contentFault = (path) =>
      path === 'model.safetensors' ? new Response(new ReadableStream({})) : undefined;
    const begin_ns = host.clock.monotonic_ns();
    expect((await failureOf(download(host))).code).toBe('hub/cut-off');
    // Five deadlines of 60 s, and pauses of 1, 2, 4 and 8 s.
    expect(Number(host.clock.monotonic_ns() - begin_ns) / 1e9).toBe(5 * 60 + 15);
  });

  it('is foreseen where the disk is too small, with exit code 3', async () => {
    const { host } = setUp();
    host.files.limitBytes(50_000);
    expect(await failureOf(download(host))).toMatchObject({ code: 'hub/disk-full', exitCode: 3 });
  });

  it('leaves what came where the disk fills up in between', async () => {
    const { hub, host } = setUp();
    hub.contentFault = (path, start, whole) => {
      if (path !== 'model.safetensors') return undefined;
      host.files.limitBytes(60_000);
      const body = new ReadableStream<Uint8Array>({
        start: (controller) => {
          controller.enqueue(whole.slice(start, start + 50_000));
          controller.enqueue(whole.slice(start + 50_000));
          controller.close();
        },
      });
      return new Response(body);
    };
    expect((await failureOf(download(host))).code).toBe('file/disk-full');
    expect(host.files.kind(SNAPSHOT)).toBeUndefined();
    expect(incomplete(host)).toHaveLength(1);
  });

  it('is an interruption where the user asks for one, with exit code 130', async () => {
    const { hub, host } = setUp();
    const controller = new AbortController();
    hub.contentFault = (path, start, whole) => {
      if (path === 'model.safetensors') controller.abort();
      return cutAfter(10)(path, start, whole);
    };
    const error = await failureOf(download(host, { signal: controller.signal }));
    expect(error).toMatchObject({ code: 'hub/interrupted', exitCode: 130 });
    expect(host.files.kind(SNAPSHOT)).toBeUndefined();
  });
});

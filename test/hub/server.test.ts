/** The whole way over a real connection to 127.0.0.1: commands, cache on disk with its links, and what the record says. */
import { mkdtempSync, readlinkSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { modelsDownloadCommand } from '../../src/cli/commands/models-download.ts';
import { readStudy } from '../../src/cli/study-file.ts';
import { testTerminal } from '../../src/cli/ui/test-terminal.ts';
import type { Host } from '../../src/host/host.ts';
import { realHost } from '../../src/host/real-host.ts';
import { testHost } from '../../src/host/test-host.ts';
import { presetOf } from '../../src/models/presets.ts';
import { writeSyntheticCheckpoint } from '../../src/models/synthetic/synthetic-checkpoint.ts';
import { findModel } from '../../src/run/models.ts';
import { hubStandIn, type StandIn } from './stand-in.ts';

const COMMIT = 'c'.repeat(40);
let hub: StandIn;
let server: Server;
let folder: string;
let host: Host;

/** A checkpoint of the smallest preset, as somebody might publish it. */
function publishedFiles(): Readonly<Record<string, Uint8Array>> {
  const { files } = testHost();
  const preset = presetOf('tiny');
  writeSyntheticCheckpoint(files, {
    shape: preset.shape,
    preset: preset.id,
    seed: 0,
    dtype: 'F32',
    folder: '/m',
  });
  return Object.fromEntries(
    ['config.json', 'model.safetensors'].map((name) => [
      name,
      files.readRange(`/m/${name}`, 0, files.size(`/m/${name}`) ?? 0),
    ]),
  );
}

beforeAll(async () => {
  hub = hubStandIn({ name: 'org/tiny', commit: COMMIT, files: publishedFiles() });
  server = createServer((incoming, outgoing) => {
    const headers = new Headers(
      Object.entries(incoming.headers).map(([name, value]): [string, string] => [name, String(value)]),
    );
    const answer = hub.answer(new Request(`http://127.0.0.1${incoming.url ?? ''}`, { headers }));
    void answer.arrayBuffer().then((body) => {
      outgoing.writeHead(answer.status, Object.fromEntries(answer.headers));
      outgoing.end(Buffer.from(body));
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  folder = mkdtempSync(join(tmpdir(), 'hayasa-hub-'));
  const real = realHost();
  const environment = { HF_ENDPOINT: `http://127.0.0.1:${port}`, HF_HUB_CACHE: folder };
  host = { ...real, system: { ...real.system, environment, currentFolder: folder } };
});

afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

describe('hayasa models download', () => {
  const snapshot = (): string => join(folder, 'models--org--tiny', 'snapshots', COMMIT);
  const run = async (options: Readonly<Record<string, unknown>> = {}) => {
    const terminal = testTerminal();
    const context = { host, terminal, interrupt: () => new AbortController().signal };
    const code = await modelsDownloadCommand.run(context, { offline: false, json: false, ...options }, [
      'org/tiny',
    ]);
    return { terminal, code };
  };

  it('fetches into the layout of the hub, with links, and says what it got', async () => {
    const { terminal, code } = await run();
    expect(code).toBe(0);
    expect(terminal.output).toEqual([`${snapshot()}\norg/tiny, commit ${COMMIT}, 647 KiB of weights`]);
    // How many pieces come is the system's affair; the last line is not.
    expect(terminal.errors.at(-1)).toMatch(/^org\/tiny: 651 KiB of 651 KiB \(100 %\)/);
    expect(readlinkSync(join(snapshot(), 'model.safetensors'))).toMatch(/^\.\.\/\.\.\/blobs\/[0-9a-f]{64}$/);
  });

  it('gives the same again without the network, as JSON', async () => {
    const asked = hub.requests.length;
    const { terminal } = await run({ offline: true, json: true });
    expect(JSON.parse(terminal.output.join(''))).toMatchObject({
      id: 'org/tiny',
      commit: COMMIT,
      folder: snapshot(),
    });
    expect(terminal.errors).toEqual([]);
    expect(hub.requests).toHaveLength(asked);
  });

  it('makes a model that studies name, with its commit in the record', () => {
    const model = findModel(host, { kind: 'hub', name: 'tiny', hub: 'org/tiny' });
    expect(model.origin).toEqual({ kind: 'published', name: 'org/tiny', revision: COMMIT });
    const { studyText } = readStudy(host, undefined, { model: 'org/tiny@main', device: undefined });
    expect(studyText).toContain('hub: org/tiny');
  });

  it('is what a study asks for whose model is not here', () => {
    expect(() => findModel(host, { kind: 'hub', name: 'x', hub: 'org/other@v2' })).toThrow(
      expect.objectContaining({
        code: 'hub/not-here',
        hint: 'fetch it: hayasa models download org/other@v2',
      }),
    );
  });
});

/** Python engines write the tokens that Transformers wrote, for every tiny model whose architecture they declare. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AMPLE_LOAD_MS, AMPLE_MS, expectOk, generation } from '../../src/engines/contract/case.ts';
import { ENGINE_DECLARATIONS } from '../../src/engines/declarations.ts';
import { loadAdapter } from '../../src/engines/load-adapter.ts';
import type { WorkerHandle } from '../../src/executors/executor.ts';
import { createExecutor } from '../../src/executors/registry.ts';
import { failureWords } from '../../src/protocol/failure.ts';
import { BASE_CELL } from '../fixtures/synthetic-journal.ts';
import { checkpointOf, goldenOf, host, MODELS, names } from './compare.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hayasa-equality-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const engines = await Promise.all(
  ENGINE_DECLARATIONS.filter(({ worker }) => worker.kind === 'python').map(async (declaration) => ({
    declaration,
    health: await (await loadAdapter(declaration)).health(host),
  })),
);

describe.each(engines)('$declaration.id', ({ declaration, health }) => {
  const { architectures, raggedPrompts } = declaration.capabilities;
  let handle: WorkerHandle | undefined;
  afterAll(() => handle?.stop());

  it.for(names.filter((name) => architectures.includes(checkpointOf(name).shape.architecture)))(
    '%s',
    { timeout: AMPLE_LOAD_MS },
    async (name, { skip }) => {
      skip(health.kind !== 'ready', health.kind === 'ready' ? '' : `not ready here: ${health.reason.en}`);
      const support = declaration.supports(BASE_CELL, checkpointOf(name).shape);
      skip(support.kind === 'unsupported', support.kind === 'unsupported' ? support.reason.en : '');
      handle ??= expectOk(
        await createExecutor('local', host).start({
          declaration,
          environment: {},
          startDeadline_ms: AMPLE_MS,
        }),
        'start',
      );
      const { sequences } = goldenOf(name);
      const request = {
        modelPath: join(MODELS, name),
        precision: 'fp32',
        options: declaration.options.parse({}) as Record<string, string | number | boolean>,
        threads: 1,
        device: 'cpu',
        cacheFolder: folder,
        limits: { slots: sequences.length, positionsPerSlot: 64 },
      };
      const loaded = await handle.load(request, AMPLE_LOAD_MS);
      // What an engine refuses with a reason it computes wrongly for nobody.
      const refusal =
        loaded.kind === 'failed' && loaded.failure.cause === 'unsupported' ? loaded.failure : undefined;
      skip(refusal !== undefined, refusal === undefined ? '' : failureWords(refusal).en);
      expectOk(loaded, 'load');
      const batches = raggedPrompts ? [sequences] : sequences.map((sequence) => [sequence]);
      const written: number[][] = [];
      for (const batch of batches) {
        const prompts = batch.map(({ prompt }) => prompt);
        const outputTokens = batch.map(({ tokens }) => tokens.length);
        const sample = expectOk(await handle.generate(generation(prompts, 0, { outputTokens })), 'generate');
        written.push(...sample.sequences.map(({ tokens }) => tokens));
      }
      expect(written).toEqual(sequences.map(({ tokens }) => tokens));
    },
  );
});

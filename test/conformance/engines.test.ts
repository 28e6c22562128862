/** Every registered engine keeps the contract, in every version set that is installed, in real worker processes on the smallest preset. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { versionedEngine } from '../../src/axes/cell.ts';
import { type ClosableBench, createBench } from '../../src/engines/contract/bench.ts';
import { CONTRACT_CASES } from '../../src/engines/contract/cases.ts';
import { ruling, runCase, unknownExceptions } from '../../src/engines/contract/suite.ts';
import type { EngineDeclaration } from '../../src/engines/declaration.ts';
import { ENGINE_DECLARATIONS } from '../../src/engines/declarations.ts';
import { loadAdapter } from '../../src/engines/load-adapter.ts';
import { inVersionSet } from '../../src/engines/version-set.ts';
import { createExecutor } from '../../src/executors/registry.ts';
import type { Host } from '../../src/host/host.ts';
import { realHost } from '../../src/host/real-host.ts';

/** The sim engine sleeps for what it simulates: short times, so that its tests are short. */
const OPTIONS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  sim: { load_ns: 0, prefill_ns: 0, step_ns: 100_000, sequence_ns: 0 },
};

/** Engines that import for most of a minute are loaded in every precision by one case. */
const TIMEOUT_MS = 600_000;

const real = realHost();
let folder = '';
let host: Host = real;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hayasa-conformance-'));
  host = { ...real, system: { ...real.system, cacheFolder: folder } };
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Every version set that an engine may be asked for; undefined is the one that is taken without asking. */
const versionsOf = ({ worker }: EngineDeclaration): readonly (string | undefined)[] =>
  worker.kind === 'python' ? [undefined, ...worker.versionSets.slice(1)] : [undefined];

const engines = await Promise.all(
  ENGINE_DECLARATIONS.flatMap((declaration) =>
    versionsOf(declaration).map(async (version) => ({
      name: versionedEngine({ engine: declaration.id, engineVersion: version }),
      declaration: inVersionSet(declaration, version),
      version,
      health: await (await loadAdapter(declaration)).health(real, version),
    })),
  ),
);

it('covers every version set that Hayasa has locks of', () => {
  expect(engines.map(({ name }) => name)).toEqual(expect.arrayContaining(['vllm', 'vllm@0.30.0']));
});

describe.each(engines)('engine $name', ({ name, declaration, version, health }) => {
  let bench: ClosableBench | undefined;
  afterAll(() => bench?.close());

  it('lists exceptions only of cases that exist', () => {
    expect(unknownExceptions(declaration)).toEqual([]);
  });

  it.for(CONTRACT_CASES)('$name', { timeout: TIMEOUT_MS }, async (contractCase, { skip }) => {
    skip(health.kind !== 'ready', health.kind === 'ready' ? '' : `not ready here: ${health.reason.en}`);
    const rule = ruling(contractCase, declaration);
    skip(rule.kind !== 'runs', rule.kind === 'runs' ? '' : `${rule.kind}: ${rule.reason}`);
    bench ??= createBench({
      host,
      declaration,
      engineVersion: version,
      executor: createExecutor('local', host),
      options: {
        ...OPTIONS[declaration.id],
        ...declaration.versionDifferences?.[version ?? '']?.plainOptions,
      },
    });
    const { problems, notes } = await runCase(contractCase, bench);
    for (const note of notes) process.stdout.write(`${name}: ${note.en}\n`);
    expect(problems).toEqual([]);
  });
});

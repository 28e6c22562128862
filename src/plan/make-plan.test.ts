import { describe, expect, it } from 'vitest';
import { type EngineDeclaration, unsupported } from '../engines/declaration.ts';
import { llamaCppDeclaration } from '../engines/llama-cpp/declaration.ts';
import { simDeclaration } from '../engines/sim/declaration.ts';
import { same, sayEnglish } from '../kernel/language.ts';
import { parseStudyOrThrow } from '../study/parse.ts';
import type { PlanInput } from './make-plan.ts';
import { needsText } from './needs-text.ts';
import { GB, machine, modelOf, plan, vocabulary } from './test-plan.ts';

const engine = (change: Partial<EngineDeclaration>): Partial<PlanInput> => ({
  declarations: [{ ...simDeclaration, ...change }],
});

describe('the time of a cell', () => {
  it('grows with the square of its length where no KV cache is kept', () => {
    const timesOf = (change: Partial<PlanInput>): number[] =>
      plan(
        'engines: [sim]\naxes: {batch: 64, inputTokens: 1, outputTokens: [32, 64]}\nrepeats: {minimum: 1, window: 1ms}',
        change,
      ).cells.map(({ estimated_ms }) => estimated_ms);
    const [kept = 0, keptTwice = 0] = timesOf({});
    const [again = 0, againTwice = 0] = timesOf(engine({ recomputes: () => true }));
    expect(again).toBeGreaterThan(kept);
    expect(againTwice / again).toBeGreaterThan(1.4 * (keptTwice / kept));
  });
});

describe('cells', () => {
  it('are the product of engines, precisions and axes, equal ones merged', () => {
    const { cells, skipped } = plan(
      'engines: [{id: sim, precisions: [fp32, w8]}, sim]\naxes: {batch: [1, 4], threads: [2, all]}',
    );
    expect(skipped).toEqual([]);
    expect(cells.map(({ cell }) => [cell.precision, cell.batch, cell.threads])).toEqual([
      ['fp32', 1, 2],
      ['fp32', 4, 2],
      ['w8', 1, 2],
      ['w8', 4, 2],
    ]);
  });

  it('vary options, and know the slots of static and continuous batching', () => {
    const { cells } = plan(
      'engines: [{id: sim, options: {noise: [none, white]}}]\naxes: {batching: [static, continuous], batch: 8, slots: [4, batch, 16]}',
    );
    expect(cells.map(({ cell }) => [cell.options['noise'], cell.batching, cell.slots])).toEqual([
      ['none', 'continuous', 4],
      ['none', 'static', 8],
      ['none', 'continuous', 8],
      ['white', 'continuous', 4],
      ['white', 'static', 8],
      ['white', 'continuous', 8],
    ]);
  });

  it('come from tests alone, or from both where token axes are given', () => {
    const counts = (yaml: string) =>
      plan(`engines: [sim]\ntests: [pp128, tg16@32]\n${yaml}`)
        .cells.map(({ cell }) => [cell.inputTokens, cell.outputTokens, cell.depthTokens])
        .sort();
    expect(counts('')).toEqual([
      [1, 16, 32],
      [128, 1, 0],
    ]);
    expect(counts('axes: {inputTokens: 8}')).toContainEqual([8, 64, 0]);
  });

  it('are left out by excludes, which know labels, `all` and ranges; idle excludes are named', () => {
    const { cells, warnings } = plan(
      'engines: [{id: sim, label: mine}]\naxes: {batch: 1..4, threads: [1, all]}\nexcludes: [{engine: mine, threads: all, batch: 2..4}, {batch: 64}]',
    );
    expect(cells.map(({ cell }) => [cell.threads, cell.batch])).toEqual([
      [1, 1],
      [1, 2],
      [1, 3],
      [1, 4],
      [2, 1],
    ]);
    expect(warnings.map(sayEnglish)).toEqual(['excludes[1] matches no cell']);
  });
});

describe('feasibility', () => {
  it('lets a build for another device compute there, and nowhere else', () => {
    const engines = ['llama-cpp', 'llama-cpp@cuda', 'llama-cpp@rocm'].map((id) => `{id: ${id}}`).join();
    const study = parseStudyOrThrow(
      `name: t\nmodels: [tiny]\nengines: [${engines}]\naxes: {device: [cpu, 'cuda:0']}`,
      { ...vocabulary, engines: [llamaCppDeclaration] },
      't',
    );
    const { cells, skipped } = plan('engines: [sim]', { study, declarations: [llamaCppDeclaration] });
    expect(cells.map(({ cell }) => [cell.engineVersion, cell.device])).toEqual([
      [undefined, 'cpu'],
      ['cuda', 'cuda:0'],
    ]);
    expect([...new Set(skipped.map(({ reason }) => reason.en))].sort()).toEqual([
      'llama.cpp (cuda) does not compute on cpu here',
      'llama.cpp does not compute on cuda:0 here: name llama-cpp@cuda, which does',
      'llama.cpp has the builds llama-cpp@cuda, llama-cpp@vulkan',
    ]);
  });

  const reasons = (yaml: string, change: Partial<PlanInput>) => {
    const { cells, skipped } = plan(yaml, change);
    expect(cells).toEqual([]);
    return skipped.map(({ kind, reason }) => `${kind}: ${reason.en}`);
  };

  it('refuses what the memory cannot hold, with the figure', () => {
    const memory = { weightBytes: 14.4 * GB, kvCacheBytes: GB, overheadBytes: 0 };
    const change = engine({ estimateMemory: () => memory });
    expect(reasons('engines: [sim]', change)).toEqual([
      'refused: needs more memory than the 7.46 GB that are available',
    ]);
    const { needs } = plan('engines: [sim]', change).skipped[0] ?? {};
    expect(sayEnglish(needsText(needs ?? memory))).toBe('about 15.4 GB: weights 14.4 GB, KV cache 1 GB');
    expect(needs).toEqual(memory);
  });

  it('refuses what the disk cannot hold, and still runs what fits', () => {
    const small = { ...machine, freeDiskBytes: 3 * GB };
    const models = [modelOf('tiny', { toBeWritten: true })];
    const cache = (GBs: number) => ({
      ...engine({ estimateCacheBytes: () => GBs * GB }),
      machine: small,
      models,
    });
    expect(reasons('engines: [sim]', cache(2))).toEqual([
      'refused: needs 3 GB of disk (checkpoint 1 GB, cache 2 GB); 2.73 GB are left',
    ]);
    const { cells, skipped, disk } = plan('engines: [{id: sim, precisions: [fp32, w8]}]', cache(1));
    expect([cells.length, skipped.length]).toEqual([1, 1]);
    expect(disk).toEqual({ checkpointBytes: GB, cacheBytes: GB, freeBytes: 3 * GB });
  });

  it('skips cells of a GPU that is not there, instead of failing one by one at their load', () => {
    const capabilities = { ...simDeclaration.capabilities, devices: ['cpu', 'cuda'] };
    const onGpus = (cudaDevices?: number) =>
      plan("engines: [sim]\naxes: {device: [cpu, 'cuda:0', 'cuda:1']}", {
        ...engine({ capabilities }),
        machine: { ...machine, ...(cudaDevices === undefined ? {} : { cudaDevices }) },
      });
    expect(onGpus().cells).toHaveLength(3);
    expect(onGpus(1).cells.map(({ cell }) => cell.device)).toEqual(['cpu', 'cuda:0']);
    const { cells, skipped } = onGpus(0);
    expect(cells.map(({ cell }) => cell.device)).toEqual(['cpu']);
    expect(skipped.map(({ cell, kind, reason }) => [cell.device, kind, reason.en])).toEqual([
      ['cuda:0', 'unavailable', 'no GPU'],
      ['cuda:1', 'unavailable', 'no GPU'],
    ]);
  });

  it('skips what the engine or the model cannot, with the reason', () => {
    expect(reasons('engines: [sim]', engine({ supports: () => unsupported(same('not today')) }))).toEqual([
      'unsupported: not today',
    ]);
    expect(reasons('engines: [sim]', { unavailable: { sim: same('not installed') } })).toEqual([
      'unavailable: not installed',
    ]);
    expect(reasons('engines: [sim@9]', {})[0]).toContain('write sim instead of sim@9');
    expect(reasons('engines: [sim]\ndefaults: {device: "cuda:0"}', {})).toHaveLength(1);
    expect(reasons('engines: [sim]\ndefaults: {inputTokens: 200}', {})[0]).toContain('256');
    const capabilities = { ...simDeclaration.capabilities, raggedPrompts: false };
    expect(
      reasons('engines: [sim]\ndefaults: {promptLengths: ragged}', engine({ capabilities })),
    ).toHaveLength(1);
  });
});

describe('a plan of 100,000 cells', () => {
  it('has them all, and is the same each time', () => {
    const yaml =
      'engines: [{id: sim, precisions: [fp32, w8, w4, fp16, bf16], options: {noiseSeed: 1..20}}]\naxes: {batch: 1..100, outputTokens: 1..10}';
    const { cells, launches, skipped } = plan(yaml);
    expect(cells.length + skipped.length).toBe(100_000);
    expect(launches.reduce((sum, launch) => sum + launch.cells.length, 0)).toBe(cells.length);
  });
});

describe('experiments', () => {
  it('measure a cell of several once, and number equal workloads alike', () => {
    const { cells, warnings } = plan(`engines: [sim, {id: sim, label: b, options: {step_ns: 7}}]
experiments:
  - {id: batch, axes: {batch: [4, 1]}}
  - {id: input, engines: [b], axes: {inputTokens: [64, 32]}, excludes: [{model: tiny, batch: 2}]}
`);
    expect(
      cells.map(({ cell, label, experiments, rank }) => [
        label,
        cell.batch,
        cell.inputTokens,
        experiments,
        rank,
      ]),
    ).toEqual([
      ['sim', 1, 64, ['batch'], 1],
      ['sim', 4, 64, ['batch'], 0],
      ['b', 1, 32, ['input'], 2],
      ['b', 1, 64, ['batch', 'input'], 1],
      ['b', 4, 64, ['batch'], 0],
    ]);
    expect(warnings.map(sayEnglish)).toEqual(['experiments[1].excludes[0] matches no cell']);
  });
});

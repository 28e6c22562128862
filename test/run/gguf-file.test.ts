/** A GGUF file of K-quants, of an architecture that Hayasa does not describe, through plan, run and report. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reportInput } from '../../src/cli/reports.ts';
import { ENGINE_DECLARATIONS } from '../../src/engines/declarations.ts';
import type { Host } from '../../src/host/host.ts';
import { realHost } from '../../src/host/real-host.ts';
import { openGguf } from '../../src/models/checkpoint/gguf-model.ts';
import { isTestedPlatform } from '../../src/native/llama/library-location.ts';
import { buildReport } from '../../src/report/build.ts';
import { planStudy } from '../../src/run/open-run.ts';
import { runStudy } from '../../src/run/run-study.ts';
import { quantiseGguf, writeGpt2 } from '../support/gpt2-gguf.ts';

const real = realHost();

describe.runIf(isTestedPlatform(real.system))('a GGUF file that Hayasa does not describe', () => {
  let folder = '';
  let host: Host;
  const study = (engines: string): string => `
name: gguf
models: [{ name: mixed, path: ${join(folder, 'Q4_K_M.gguf')} }]
engines: ${engines}
axes: { batch: [1, 2], inputTokens: 8, outputTokens: 4, threads: 1 }
rounds: { minimum: 1, maximum: 1, confirm: 0 }
repeats: { minimum: 1, maximum: 1, window: 1ms }
`;
  const input = (engines: string) => ({
    studyText: study(engines),
    studyName: 'gguf.yaml',
    declarations: ENGINE_DECLARATIONS,
    hayasaVersion: '0.0.0-test',
  });

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'hayasa-gguf-'));
    host = { ...real, system: { ...real.system, cacheFolder: join(folder, 'cache') } };
    writeGpt2(join(folder, 'f32.gguf'));
    quantiseGguf(join(folder, 'f32.gguf'), join(folder, 'Q4_K_M.gguf'), 'Q4_K_M');
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('is read: tensor types, sizes, parameters, but no shape', () => {
    const { architecture, formats, sizes, shape, parameters } = openGguf(
      real.files,
      join(folder, 'Q4_K_M.gguf'),
    );
    expect(architecture).toBe('gpt2');
    expect(formats.map(({ type }) => type)).toEqual(expect.arrayContaining(['Q4_K', 'Q6_K', 'F32']));
    expect(sizes).toMatchObject({ layerCount: 2, hiddenSize: 256, headSize: 64, vocabularySize: 320 });
    expect(shape).toBeUndefined();
    expect(parameters).toBe(openGguf(real.files, join(folder, 'f32.gguf')).parameters);
  });

  it('is planned as it is stored, with its own bytes; what cannot run it says why', async () => {
    const { plan } = await planStudy(
      host,
      input('[{ id: llama-cpp, precisions: [file, fp32, w4] }, onnxruntime]'),
    );
    expect(plan.cells.map(({ cell }) => [cell.precision, cell.batch])).toEqual([
      ['file', 1],
      ['file', 2],
    ]);
    const { totalBytes } = openGguf(real.files, join(folder, 'Q4_K_M.gguf'));
    expect(plan.cells[0]?.memory.weightBytes).toBe(totalBytes);
    expect(plan.disk).toMatchObject({ checkpointBytes: 0, cacheBytes: 0 });
    expect(new Set(plan.skipped.map(({ reason }) => reason.en))).toEqual(
      new Set([
        'a GGUF file runs as it is stored (Q4_K, Q6_K, F32): ask for precision file',
        'ONNX Runtime reads checkpoint folders, not GGUF files: hayasa models unpack writes one',
      ]),
    );
  });

  it('is measured and reported, with counts missing for a reason', async () => {
    const options = { ...input('[{ id: llama-cpp, precisions: [file] }]'), out: join(folder, 'run') };
    const result = await runStudy(
      host,
      { ...options, budget_ms: undefined },
      () => undefined,
      new AbortController().signal,
    );
    expect(result).toMatchObject({ outcome: 'complete', failures: 0 });
    const report = buildReport(reportInput(host, result.folder));
    expect(report.table.rows.map(({ cell, launches }) => [cell.precision, cell.batch, launches])).toEqual([
      ['file', 1, 1],
      ['file', 2, 1],
    ]);
    const values = report.table.rows[0]?.values ?? {};
    expect(values['throughput']?.kind).toBe('value');
    expect(values['roofline-share']).toMatchObject({
      kind: 'missing',
      reason: { en: 'Hayasa has no description of the architecture gpt2: bytes and FLOPs are not counted' },
    });
    expect(report.table.rows[0]?.agreement).toMatchObject({
      kind: 'not-checked',
      reason: { en: 'a model file has no fp32 reference to compare with' },
    });
  });
});

/** `hayasa import` end to end: the fixtures as a user sees them, and what it refuses. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hayasa } from './run-cli.ts';

const fixture = (name: string): string =>
  fileURLToPath(new URL(`../../src/importers/fixtures/${name}`, import.meta.url));
const NAMES = [
  ...[
    'vllm-serve.json',
    'vllm-serve-appended.jsonl',
    'vllm-latency.json',
    'vllm-throughput.json',
    'guidellm.json',
  ],
  ...['aiperf.json', 'aiperf.jsonl', 'llama-bench.json', 'llama-bench.jsonl', 'llama-bench.sql'],
  ...['optimum-benchmark.json', 'mlperf_log_summary.txt', 'mlperf_log_detail.txt', 'openvino-llm-bench.csv'],
];

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hayasa-import-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('hayasa import', () => {
  it('prints every format', async () => {
    const { code, out, err } = hayasa(['import', ...NAMES.map(fixture)]);
    expect([code, err]).toEqual([0, '']);
    await expect(out).toMatchFileSnapshot('../golden/import.txt');
  });

  it('prints in Japanese, and JSON in English', async () => {
    const { out } = hayasa(['import', fixture('vllm-serve.json'), '--lang', 'ja']);
    await expect(out).toMatchFileSnapshot('../golden/import-ja.txt');
    const json = ['import', fixture('vllm-serve.json'), '--json'];
    expect(hayasa([...json, '--lang', 'ja']).out).toBe(hayasa(json).out);
  });

  it('gives files and runs as JSON', () => {
    const { code, out } = hayasa(['import', fixture('llama-bench.json'), '--json']);
    const printed = JSON.parse(out) as {
      readonly files: unknown[];
      readonly runs: { readonly test: string }[];
    };
    expect([code, printed.files.length, printed.runs.map(({ test }) => test)]).toEqual([
      0,
      1,
      ['pp512', 'tg128 @ d4096'],
    ]);
  });

  it('names the problems of all files, a file given twice, and a file that is missing', () => {
    const bad = join(folder, 'bad.json');
    writeFileSync(bad, '{"avg_latency": "x", "latencies": [1]}');
    const { code, err } = hayasa(['import', bad, fixture('llama-bench.sql'), fixture('llama-bench.sql')]);
    expect(code).toBe(2);
    expect(err).toContain('bad.json: avg_latency: expected number');
    expect(err).toContain('bad.json: percentiles: is missing');
    expect(err).toContain('llama-bench.sql: has the same content as');
    expect(hayasa(['import', join(folder, 'none.json')])).toMatchObject({ code: 2, out: '' });
    const unknown = hayasa(['import', fixture('llama-bench.sql'), '--format', 'lama-bench']);
    expect([unknown.code, unknown.err.includes('did you mean llama-bench?')]).toEqual([2, true]);
  });
});

describe('hayasa report --with --dialect', () => {
  it('puts imported rows and a dialect into the reports of a run', () => {
    const study = join(folder, 'study.yaml');
    const out = join(folder, 'run');
    writeFileSync(
      study,
      `name: imports
models: [tiny]
engines: [sim]
axes: {inputTokens: 4, outputTokens: 4}
rounds: {minimum: 1, maximum: 1, confirm: 0}
`,
    );
    const environment = { HAYASA_CACHE: folder };
    expect(hayasa(['run', study, '--out', out], environment).code).toBe(0);
    const files = [fixture('vllm-serve.json'), fixture('llama-bench.sql')].join(',');
    const { code, out: printed } = hayasa(
      ['report', out, '--with', files, '--dialect', 'llama-bench', '--json'],
      environment,
    );
    const report = JSON.parse(printed) as {
      readonly table: {
        readonly rows: readonly { readonly values: Record<string, { readonly kind: string }> }[];
      };
      readonly imported: { readonly rows: readonly { readonly label: string }[] };
      readonly dialect: { readonly id: string };
    };
    expect([code, report.dialect.id]).toEqual([0, 'llama-bench']);
    expect(report.table.rows[0]?.values['llama-bench:pp.avg_ts']?.kind).toBe('value');
    expect(report.imported.rows.map(({ label }) => label)).toEqual([
      'vLLM bench, concurrency 2',
      'llama-bench, pp512',
      'llama-bench, tg128 @ d4096',
    ]);
    expect(hayasa(['report', out, '--with', study], environment)).toMatchObject({ code: 2, out: '' });
  });
});

/** What a reader sees, byte for byte, in any locale and time zone. */
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { findDialect } from '../src/dialects/registry.ts';
import { realHost } from '../src/host/real-host.ts';
import { importText } from '../src/importers/import-text.ts';
import { importedRuns } from '../src/importers/runs.ts';
import { sayEnglish, sayIn } from '../src/kernel/language.ts';
import { buildReport } from '../src/report/build.ts';
import { csv } from '../src/report/formats/csv.ts';
import { json } from '../src/report/formats/json.ts';
import { markdown } from '../src/report/formats/markdown.ts';
import { FILE_FORMATS } from '../src/report/formats/registry.ts';
import { terminal } from '../src/report/formats/terminal.ts';
import type { ReportInput } from '../src/report/input.ts';
import { emptyRun, singleLaunch, wholeRun } from './fixtures/synthetic-report.ts';

const RUNS: readonly (readonly [string, () => ReportInput])[] = [
  ['whole-run', wholeRun],
  ['single-launch', singleLaunch],
  ['empty-run', emptyRun],
];

describe.each(RUNS)('report of %s', (name, input) => {
  it.each(FILE_FORMATS.map((format) => [format.id, format] as const))('as %s', async (_id, format) => {
    for (const file of await format.render(buildReport(input()), sayEnglish)) {
      await expect(file.text).toMatchFileSnapshot(`golden/report/${name}/${file.name}`);
    }
  });

  it.each([
    ['wide', { colour: false, width: 260 }],
    ['narrow', { colour: false, width: 80 }],
    ['coloured', { colour: true, width: 260 }],
  ] as const)('on a %s screen', async (screenName, screen) => {
    await expect(terminal.render(buildReport(input()), screen, sayEnglish)).toMatchFileSnapshot(
      `golden/report/${name}/terminal-${screenName}.txt`,
    );
  });

  it('is plain data: JSON leaves it as it is', () => {
    const report = buildReport(input());
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });
});

describe.each(RUNS)('report of %s in Japanese', (name, input) => {
  const sayJapanese = sayIn('ja');

  it('as Markdown', async () => {
    const [file] = await markdown.render(buildReport(input()), sayJapanese);
    await expect(file?.text).toMatchFileSnapshot(`golden/report/${name}/report-ja.md`);
  });

  it.each([80, 260])('on a screen of %i columns, none wider', async (width) => {
    const text = terminal.render(buildReport(input()), { colour: false, width }, sayJapanese);
    await expect(text).toMatchFileSnapshot(`golden/report/${name}/terminal-ja-${width}.txt`);
    const japanese = text.split('\n').filter((line) => /[。、]/.test(line));
    expect(japanese.filter((line) => stringWidth(line) > width)).toEqual([]);
  });

  it('leaves JSON and CSV as they are', async () => {
    const report = buildReport(input());
    for (const format of [json, csv])
      expect(await format.render(report, sayJapanese)).toEqual(await format.render(report, sayEnglish));
  });
});

describe('report in the words of vLLM bench', () => {
  const dialect = findDialect('vllm');
  const report = buildReport({ ...singleLaunch(), ...(dialect === undefined ? {} : { dialect }) });

  it('as markdown, beside our names', async () => {
    const [file] = await markdown.render(report, sayEnglish);
    await expect(file?.text).toMatchFileSnapshot('golden/report/dialect/report.md');
  });

  it('on a wide screen', async () => {
    await expect(terminal.render(report, { colour: false, width: 260 }, sayEnglish)).toMatchFileSnapshot(
      'golden/report/dialect/terminal-wide.txt',
    );
  });

  it('in Japanese', async () => {
    const [file] = await markdown.render(report, sayIn('ja'));
    await expect(file?.text).toMatchFileSnapshot('golden/report/dialect/report-ja.md');
  });

  it('as CSV and JSON: a line and a column each, under the names of the dialect', async () => {
    const [file] = await csv.render(report, sayEnglish);
    const lines = file?.text.split('\r\n').filter((line) => line.includes('vllm:mean_ttft_ms,s,')) ?? [];
    expect(lines).toHaveLength(1);
    expect(report.table.metrics.find(({ id }) => id === 'vllm:mean_ttft_ms')).toMatchObject({ shown: false });
    expect(report.dialect?.entries[0]).toMatchObject({ relation: 'same', own: { metricId: 'ttft' } });
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });
});

describe('report with results of other benchmarks', () => {
  const { files } = realHost();
  const imported = ['vllm-serve.json', 'llama-bench.json'].map((name) => {
    const path = new URL(`../src/importers/fixtures/${name}`, import.meta.url).pathname;
    const result = importText(files.readText(path), name, 'auto');
    if (result.kind === 'problems') throw new Error(name);
    return result.imported;
  });
  const report = buildReport({
    ...singleLaunch(),
    imported: { files: imported, runs: importedRuns(imported) },
  });

  it('as markdown, in the same table and marked', async () => {
    const [file] = await markdown.render(report, sayEnglish);
    await expect(file?.text).toMatchFileSnapshot('golden/report/imported/report.md');
  });

  it('in Japanese', async () => {
    const [file] = await markdown.render(report, sayIn('ja'));
    await expect(file?.text).toMatchFileSnapshot('golden/report/imported/report-ja.md');
  });

  it('as CSV, of origin imported', async () => {
    const [file] = await csv.render(report, sayEnglish);
    const header = file?.text.split('\r\n')[0]?.split(',') ?? [];
    const lines = file?.text.split('\r\n').filter((line) => line.includes(',imported,')) ?? [];
    expect(new Set(lines.map((line) => line.replace(/"[^"]*"/g, '').split(',').length))).toEqual(
      new Set([header.length]),
    );
    await expect(lines.join('\n')).toMatchFileSnapshot('golden/report/imported/report.csv');
  });

  it('on a narrow screen', async () => {
    await expect(terminal.render(report, { colour: false, width: 100 }, sayEnglish)).toMatchFileSnapshot(
      'golden/report/imported/terminal-narrow.txt',
    );
  });

  it('takes a value from samples before the one that is stated, and only what is ours by definition', () => {
    const [vllm] = report.imported?.rows ?? [];
    expect(Object.keys(vllm?.values ?? {}).sort()).toEqual(
      ['e2e', 'itl', 'itl-p95', 'itl-p99', 'throughput', 'tpot', 'ttft'].sort(),
    );
    // Stated: tokens over 0.5 s; ours from the samples: until the last token.
    expect(vllm?.values['throughput']).toMatchObject({
      value: { mean: expect.closeTo(8 / 0.26, 4) as number },
    });
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });
});

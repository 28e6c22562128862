/** Sequences of unequal lengths through the simulated engine: honest and padded throughput, both kinds of padding, exact. */
import { beforeAll, describe, expect, it } from 'vitest';
import { sayEnglish } from '../../src/kernel/language.ts';
import { csv } from '../../src/report/formats/csv.ts';
import { markdown } from '../../src/report/formats/markdown.ts';
import { terminal } from '../../src/report/formats/terminal.ts';
import type { Report } from '../../src/report/model.ts';
import { simulatedReport } from '../verdicts/sim-study.ts';

const study = (axes: string): string => `
name: unequal-lengths
models: [tiny]
engines: [{ id: sim, precisions: [fp32] }]
axes: { batch: 4, inputTokens: 16, outputTokens: 16, ${axes} }
rounds: { minimum: 2, maximum: 2, confirm: 0 }
repeats: { minimum: 1, maximum: 1, window: 1ms }
correctness: { check: false }
seed: 0
`;

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const figure = (report: Report, batching: string, metric: string): number => {
  const value = report.table.rows.find(({ cell }) => cell.batching === batching)?.values[metric];
  if (value?.kind !== 'value') throw new Error(`${metric}: ${value?.reason.en ?? 'no row'}`);
  return value.value.mean;
};

describe('a study of drawn lengths and ragged prompts', () => {
  /** As drawn from seed 0; the first four of a larger batch are these too. */
  const prompts = [16, 13, 6, 7];
  const lengths = [2, 1, 3, 5];
  let report: Report;
  beforeAll(async () => {
    report = await simulatedReport(
      study('batching: [static, continuous], slots: 2, stop: drawn-geometric, promptLengths: ragged'),
    );
  });

  it('computes a static batch to its longest prompt and its longest sequence', () => {
    // 0.1 ms per position of the prefill; a step of four sequences takes 10 + 4 x 0.5 ms.
    const seconds = (4 * Math.max(...prompts) * 0.1 + (Math.max(...lengths) - 1) * 12) / 1000;
    const padded = 4 * Math.max(...lengths);
    expect(figure(report, 'static', 'throughput')).toBeCloseTo(sum(lengths) / seconds, 9);
    expect(figure(report, 'static', 'throughput-padding-counted')).toBeCloseTo(padded / seconds, 9);
    expect(figure(report, 'static', 'throughput-padding-computed')).toBeCloseTo(padded / seconds, 9);
    expect(figure(report, 'static', 'finished-rows-share')).toBeCloseTo(1 - sum(lengths) / padded, 12);
    const prefilled = 4 * Math.max(...prompts);
    expect(figure(report, 'static', 'prompt-padding-share')).toBeCloseTo(1 - sum(prompts) / prefilled, 12);
  });

  it('computes no padding with continuous batching, and shows what counting it would claim', () => {
    const honest = figure(report, 'continuous', 'throughput');
    expect(figure(report, 'continuous', 'throughput-padding-computed')).toBe(honest);
    expect(figure(report, 'continuous', 'throughput-padding-counted') / honest).toBeCloseTo(
      (4 * Math.max(...lengths)) / sum(lengths),
      12,
    );
    expect(figure(report, 'continuous', 'finished-rows-share')).toBe(0);
    expect(figure(report, 'continuous', 'prompt-padding-share')).toBe(0);
  });

  it('gives the distribution of both lengths', () => {
    const cellKeys = report.table.rows.map(({ cellKey }) => cellKey);
    const common = { setting: 'tiny, up to 16, batch 4', cellKeys, cells: [], sequences: 4 };
    expect(report.lengths).toEqual([
      {
        ...common,
        kind: 'new-tokens',
        origin: 'drawn-geometric',
        minimum: 1,
        lowerQuartile: 1.5,
        median: 2.5,
        upperQuartile: 4,
        maximum: 5,
        mean: 2.75,
      },
      {
        ...common,
        kind: 'prompt-tokens',
        origin: 'drawn-uniform',
        minimum: 6,
        lowerQuartile: 6.5,
        median: 10,
        upperQuartile: 14.5,
        maximum: 16,
        mean: 10.5,
      },
    ]);
  });

  it('gives the same distribution however often it was repeated', async () => {
    const axes = 'stop: drawn-geometric, promptLengths: ragged';
    const [once, often] = await Promise.all(
      [study(axes), study(axes).replace('{ minimum: 1, maximum: 1,', '{ minimum: 3, maximum: 3,')].map(
        simulatedReport,
      ),
    );
    expect(once?.lengths).toHaveLength(2);
    expect(often?.lengths).toEqual(once?.lengths);
  });

  it('prints them beside the table', async () => {
    const text =
      (await markdown.render(report, sayEnglish)).find(({ name }) => name === 'report.md')?.text ?? '';
    const part = /## Results[\s\S]*?(?=## Caveats|## Conditions)/.exec(text)?.[0];
    await expect(part).toMatchFileSnapshot('../golden/report/unequal-lengths/report.md');
    const screen = terminal.render(report, { colour: false, width: 160 }, sayEnglish);
    await expect(/Lengths\n[\s\S]*?\n\n/.exec(screen)?.[0]).toMatchFileSnapshot(
      '../golden/report/unequal-lengths/terminal.txt',
    );
    const [file] = await csv.render(report, sayEnglish);
    const lines = (file?.text ?? '').split('\r\n').filter((line) => line.includes('-tokens:'));
    expect(lines).toHaveLength(2 * 2 * 6);
    expect(lines[2]).toMatch(/,explore,new-tokens:median,tokens,2\.5,/);
  });
});

describe('a study of natural stops', () => {
  // Any token of 512 is drawn, so that 24 sequences of at most 64 tokens meet the end of text once.
  const axes = 'batch: 24, outputTokens: OUTPUT, stop: natural, temperature: 1';
  const natural = (output: number) =>
    simulatedReport(
      study('')
        .replace('batch: 4, inputTokens: 16, outputTokens: 16, ', `inputTokens: 16, ${axes}`)
        .replace('OUTPUT', String(output)),
    );

  it('says how many sequences the limit cut, also where it cut them all', async () => {
    const { lengths = [] } = await natural(1);
    expect(lengths).toMatchObject([{ kind: 'new-tokens', minimum: 1, maximum: 1, mean: 1, cutShare: 1 }]);
  });

  it('tells ends of text from the limit', async () => {
    const report = await natural(64);
    const [own] = report.lengths ?? [];
    expect(own).toMatchObject({ origin: 'end-of-text', sequences: 24, maximum: 64 });
    expect(own?.minimum).toBeLessThan(64);
    const text =
      (await markdown.render(report, sayEnglish)).find(({ name }) => name === 'report.md')?.text ?? '';
    expect(own?.cutShare).toBe(23 / 24);
    expect(text).toMatch(/cut at the limit \(%\)[\s\S]*\| 96 \|/);
    const [file] = await csv.render(report, sayEnglish);
    expect(file?.text).toContain(',explore,new-tokens:cut-share,1,0.9583333333333334,');
  });
});

describe('a study of equal lengths', () => {
  it('says nothing of lengths and padding', async () => {
    const report = await simulatedReport(study('stop: forced'));
    expect(report.lengths).toBeUndefined();
    expect(report.table.rows[0]?.values['finished-rows-share']).toMatchObject({
      kind: 'missing',
      reason: { en: 'length is forced: all sequences end together' },
    });
    expect(report.table.rows[0]?.values['prompt-padding-share']).toMatchObject({
      kind: 'missing',
      reason: { en: 'all prompts have one length' },
    });
    const shown = report.table.metrics.filter((metric) => metric.shown).map(({ id }) => id);
    expect(shown.filter((id) => id.includes('padding') || id.includes('finished'))).toEqual([]);
  });
});

/** The figures of experiments and the tables beside them, byte for byte, from a simulated run with missing cells. */
import { beforeAll, describe, expect, it } from 'vitest';
import { same, sayEnglish, sayIn } from '../../src/kernel/language.ts';
import { experimentFigures } from '../../src/report/figures/experiment-figures.ts';
import { engineStyles } from '../../src/report/figures/experiment-points.ts';
import { renderSvg } from '../../src/report/figures/render-svg.ts';
import { markdown } from '../../src/report/formats/markdown.ts';
import type { Report } from '../../src/report/model.ts';
import { simulatedReport } from './sim-study.ts';

const STUDY = `
name: simulated
models: [{preset: tiny, name: small}, {preset: tiny, name: large, seed: 1}]
engines:
  - {id: sim, label: PT, precisions: [fp32, w8], options: {launchScale: 0.02}}
  - {id: sim, label: ONNX, precisions: [fp32], options: {step_ns: 20000000, outOfMemoryAbove: 4, launchScale: 0.02}}
  - {id: tensorrt-llm, label: TensorRT-LLM, precisions: [fp32, w8]}
defaults: {inputTokens: 20, outputTokens: 5}
experiments:
  - {id: devices, title: CPU against GPU, figure: devices, axes: {device: [cpu, 'cuda:0']}}
  - {id: batch, title: Throughput over batch size, figure: batch, axes: {batch: 2^0..2^3}}
  - {id: input-length, title: 入力長とスループット, figure: input-length, models: [small], axes: {inputTokens: [16, 64]}}
  - {id: precision, title: Throughput by precision, figure: precision, axes: {precision: [fp32, w8]}}
rounds: {minimum: 3, maximum: 3, confirm: 0}
repeats: {minimum: 1, maximum: 1, window: 1ms}
correctness: {check: false}
`;

let report: Report;
beforeAll(async () => {
  report = await simulatedReport(STUDY);
});

describe('figures of experiments', () => {
  it('are drawn for each, in both languages', async () => {
    for (const language of ['en', 'ja'] as const) {
      const figures = experimentFigures({ ...report, language });
      expect(figures.map(({ id }) => id)).toEqual(['devices', 'batch', 'input-length', 'precision']);
      for (const { id, spec } of figures) {
        await expect(await renderSvg(spec)).toMatchFileSnapshot(`../golden/verdicts/${id}-${language}.svg`);
      }
    }
  });

  it('give an engine one style throughout, and no two engines the same', () => {
    const engines = Array.from({ length: 14 }, (_, index) => `engine ${index}`);
    const cells = engines.map((engine) => ({
      cellKey: engine,
      model: 'm',
      engine,
      series: engine,
      position: 1,
      throughput: { kind: 'missing' as const, reason: same('no') },
    }));
    const styles = engineStyles({ experiments: [{ id: 'a', title: 'a', figure: 'batch', cells }] });
    const texts = [...styles.values()].map(({ colour, marker }) => `${colour} ${marker}`);
    expect(new Set(texts).size).toBe(engines.length);
  });

  it('stand in the report with their table, missing cells explained', async () => {
    const [file, ...figures] = await markdown.render(report, sayEnglish);
    expect(figures.map(({ name }) => name)).toEqual([
      'devices.svg',
      'batch.svg',
      'input-length.svg',
      'precision.svg',
    ]);
    const sections = file?.text.slice(file.text.indexOf('## CPU'), file.text.indexOf('## Results'));
    await expect(sections).toMatchFileSnapshot('../golden/verdicts/experiments.md');
    const [japanese] = await markdown.render(report, sayIn('ja'));
    const text = japanese?.text ?? '';
    await expect(text.slice(text.indexOf('## CPU'), text.indexOf('## 結果'))).toMatchFileSnapshot(
      '../golden/verdicts/experiments-ja.md',
    );
  });
});

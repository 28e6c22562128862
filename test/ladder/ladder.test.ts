/** Ladders from the study file to the report: exact gains, goldens of what a reader sees, and every problem at once. */

import { beforeAll, describe, expect, it } from 'vitest';
import { reportInput } from '../../src/cli/reports.ts';
import { simDeclaration } from '../../src/engines/sim/declaration.ts';
import { TECHNIQUE_IDS } from '../../src/engines/techniques.ts';
import { ENGINE_TECHNIQUES } from '../../src/engines/techniques-of-engines.ts';
import { lineByLine } from '../../src/journal/packed-repeats.ts';
import { runFolder } from '../../src/journal/run-folder.ts';
import { problemTexts } from '../../src/kernel/errors.ts';
import { same, sayEnglish, sayIn } from '../../src/kernel/language.ts';
import { missing, presentValue } from '../../src/kernel/maybe.ts';
import { buildReport } from '../../src/report/build.ts';
import { ladderFigures } from '../../src/report/figures/ladder-figures.ts';
import { renderSvg } from '../../src/report/figures/render-svg.ts';
import { markdown } from '../../src/report/formats/markdown.ts';
import { terminal } from '../../src/report/formats/terminal.ts';
import type { LadderPanel } from '../../src/report/ladder.ts';
import type { Report } from '../../src/report/model.ts';
import { stepNames } from '../../src/study/ladder-cells.ts';
import { parseStudy } from '../../src/study/parse.ts';
import { studyProduct } from '../../src/study/product.ts';
import { FOLDER, simulatedReport, simulatedRun } from '../verdicts/sim-study.ts';
import { LADDER_STUDY } from './sim-ladder.ts';

const studyOf = (launchScale: number): string => LADDER_STUDY.replace('LAUNCHES', String(launchScale));

const panelOf = (report: Report, name: string): LadderPanel => {
  const panel = report.ladders?.[0]?.panels.find((one) => one.name.en === name);
  if (panel === undefined) throw new Error(`no panel ${name}`);
  return panel;
};

describe('a ladder without noise', () => {
  let report: Report;
  beforeAll(async () => {
    report = await simulatedReport(studyOf(0).replace('ragged', 'equal'));
  });

  it('has the gains of the cost model, over the step that each builds on', () => {
    const { rungs } = panelOf(report, 'batch 1');
    // Milliseconds of 16 tokens in and 5 out: the first token comes with the prefill, each other one costs a step.
    const call = (prefill: number, step: number, bits: number): number =>
      16 * prefill + 4 * ((step * bits) / 32 + 0.5);
    const times = [
      call(2, 40, 32),
      call(2, 20, 32),
      call(1, 10, 32),
      call(1, 10, 8),
      call(1, 10, 4),
      call(1, 10, 4),
      call(1, 5, 4),
    ];
    const below = [0, 0, 1, 2, 2, 4, 5];
    for (const [index, { throughput, gain, total }] of rungs.entries()) {
      expect(presentValue(throughput)?.mean).toBeCloseTo(5000 / (times[index] ?? 0), 6);
      if (index === 0) continue;
      expect(presentValue(gain)?.mean).toBeCloseTo((times[below[index] ?? 0] ?? 0) / (times[index] ?? 0), 6);
      expect(presentValue(total)?.mean).toBeCloseTo((times[0] ?? 0) / (times[index] ?? 0), 6);
    }
  });

  it('is certain of them', () => {
    for (const { gain } of panelOf(report, 'batch 1').rungs.slice(1)) {
      const estimate = presentValue(gain);
      const interval = estimate === undefined ? undefined : presentValue(estimate.interval);
      expect(interval?.low).toBeCloseTo(estimate?.mean ?? 0, 9);
      expect(interval?.high).toBeCloseTo(estimate?.mean ?? 0, 9);
      expect(estimate?.rule.en).toBe('t over 4 rounds, paired');
    }
  });
});

describe('a ladder whose steps share no rounds', () => {
  it('marks its gains as not paired', async () => {
    const input = reportInput(await simulatedRun(studyOf(0.02)), runFolder(FOLDER));
    const own = input.cells.filter(({ cell }) => cell.batch === 1);
    const upper = own.find(({ cell }) => cell.options['step_ns'] === 20000000)?.cellKey ?? '';
    // Of the step with a KV cache the first two rounds are kept, of every other one the last two.
    const records = lineByLine(input.records).filter((record) => {
      if (record.kind !== 'repeat') return true;
      const round = Number(record.launch.split('/')[1]);
      return record.cellKey === upper ? round < 2 : round >= 2;
    });
    const report = buildReport({ ...input, records });
    const { rungs } = panelOf(report, 'batch 1');
    expect(rungs.map(({ notPaired }) => notPaired)).toEqual([
      [],
      ['gain', 'total'],
      ['gain'],
      [],
      [],
      [],
      [],
    ]);
    expect(presentValue(rungs[1]?.gain ?? missing(same('')))?.rule.en).toBe(
      "Welch's t over 4 launches, not paired",
    );
    const text = (await markdown.render(report, sayEnglish))[0]?.text ?? '';
    expect(text.match(/\], not paired/g)).toHaveLength(3);
    expect(text).toContain('Not paired: the two steps share fewer than two rounds');
  });
});

describe('a ladder with launches that differ', () => {
  let report: Report;
  beforeAll(async () => {
    report = await simulatedReport(studyOf(0.02));
  });

  it('says what is missing, and gives no gain over it', () => {
    const { rungs } = panelOf(report, 'batch 4');
    expect(rungs[0]).toMatchObject({
      cellKey: null,
      throughput: { kind: 'missing', reason: { en: 'excluded by the study' } },
    });
    expect(rungs[1]?.gain).toMatchObject({
      kind: 'missing',
      reason: { en: 'the step that it builds on has no value' },
    });
    expect(rungs.slice(2).every(({ gain }) => gain.kind === 'value')).toBe(true);
    expect(rungs.every(({ total }) => total.kind === 'missing')).toBe(true);
  });

  it('counts the cache over the lengths of the run, with the slots of its step', () => {
    const memory = presentValue(panelOf(report, 'batch 4').kvMemory);
    expect(memory).toMatchObject({ sequences: 4, slots: 2, blockPositions: 16, format: 'float32' });
    // 2 layers, 2 heads of 32, keys and values, 4 bytes.
    expect(memory?.bytesPerPosition).toBe(2 * 2 * 2 * 32 * 4);
    const [fixed, slot, paged] = memory?.allocations ?? [];
    expect(fixed?.steps).toBe(5);
    expect(slot?.steps).toBe(10);
    expect((fixed?.peakReserved ?? 0) / (slot?.peakReserved ?? 1)).toBe(2);
    expect(paged?.usedShare).toBeGreaterThan(slot?.usedShare ?? 1);
  });

  it('stands in the report with its tables', async () => {
    const [file, ...figures] = await markdown.render(report, sayEnglish);
    expect(figures.map(({ name }) => name)).toEqual([
      'techniques.svg',
      'techniques-kv-cache.svg',
      'engines-by-technique.svg',
    ]);
    const text = file?.text ?? '';
    await expect(text.slice(text.indexOf('## What each'), text.indexOf('## Results'))).toMatchFileSnapshot(
      '../golden/ladder/report.md',
    );
    for (const width of [80, 120]) {
      const screen =
        terminal.kind === 'screen' ? terminal.render(report, { colour: false, width }, sayEnglish) : '';
      const shown = screen.slice(screen.indexOf('What each'), screen.indexOf('All rows:'));
      expect(shown.split('\n').every((line) => line.length <= width)).toBe(true);
      await expect(shown).toMatchFileSnapshot(`../golden/ladder/terminal-${width}.txt`);
    }
    expect(JSON.parse(JSON.stringify(report.ladders))).toEqual(report.ladders);
  });

  it('stands in the report in Japanese', async () => {
    const [file] = await markdown.render(report, sayIn('ja'));
    const text = file?.text ?? '';
    await expect(text.slice(text.indexOf('## What each'), text.indexOf('## 結果'))).toMatchFileSnapshot(
      '../golden/ladder/report-ja.md',
    );
  });

  it('is drawn in both languages', async () => {
    for (const language of ['en', 'ja'] as const) {
      for (const { id, spec } of ladderFigures({ ...report, language })) {
        await expect(await renderSvg(spec)).toMatchFileSnapshot(`../golden/ladder/${id}-${language}.svg`);
      }
    }
  });
});

describe('a ladder in a study file', () => {
  const vocabulary = { engines: [simDeclaration], presets: ['tiny'], metrics: [] };
  const problemsOf = (experiment: string, models = '[tiny]') => {
    const parsed = parseStudy(
      `name: a\nmodels: ${models}\nengines: [{id: sim, label: x}, {id: sim, label: y, options: {step_ns: [1, 2]}}]
experiments: [${experiment}]`,
      vocabulary,
    );
    return parsed.kind === 'problems'
      ? problemTexts('en', parsed.problems).map(({ path, message }) => [path, message])
      : parsed;
  };

  it('has every problem of its steps named at once, with the place', () => {
    expect(
      problemsOf(`{id: l, figure: batch, engines: [x], axes: {batch: [1, 2]}, ladder: [
        {name: one, options: {stepns: 3}}, {name: one}, {name: two, from: three, precision: nvfp4},
        {name: three, batch: 3, options: {step_ns: -1}}]}`),
    ).toMatchObject([['experiments[0].ladder[2].precision', 'not an allowed value']]);
    expect(
      problemsOf(`{id: l, figure: batch, engines: [x], axes: {batch: [1, 2]}, ladder: [
        {name: one, options: {stepns: 3}}, {name: one}, {name: two, from: three, precision: w8},
        {name: three, batch: 3, options: {step_ns: -1}}]}`),
    ).toEqual([
      ['experiments[0].figure', 'a ladder has figures of its own'],
      ['experiments[0].ladder[0].options.stepns', 'sim has no option stepns'],
      ['experiments[0].ladder[1]', 'the step changes nothing'],
      ['experiments[0].ladder[1].name', 'two steps are called one'],
      ['experiments[0].ladder[2].from', 'no earlier step is called three'],
      ['experiments[0].ladder[3].batch', 'batch is varied by the experiment: a step cannot set it'],
      ['experiments[0].ladder[3].options', 'step_ns: Too small: expected number to be >=0'],
    ]);
  });

  it('has the cells of its steps, known again by what they are', () => {
    const parsed = parseStudy(studyOf(0), { ...vocabulary, engines: [simDeclaration] });
    if (parsed.kind === 'problems') throw new Error('the study has problems');
    const { study } = parsed;
    const models = study.models.map(({ name }) => ({ name, modelHash: name }));
    const cells = [...studyProduct(study, models, () => simDeclaration, 2)].filter(
      ({ excludedBy }) => excludedBy === undefined,
    );
    const names = cells.map((one) => [
      one.cell.batch,
      ...stepNames({ ...one, experiments: ['techniques'] }, study.experiments, 2),
    ]);
    expect(names).toEqual([
      [1, '1. plain'],
      ...['2. KV cache', '3. fused attention', '4. 8 bit', '5. 4 bit'].flatMap((name) => [
        [1, name],
        [4, name],
      ]),
      [1, '6. continuous batching'],
      [4, '6. continuous batching'],
      [1, '7. half the depth'],
      [4, '7. half the depth'],
    ]);
  });

  it('starts at one model and one engine with one value for each option', () => {
    const steps = 'ladder: [{name: a}, {name: b, threads: 1}]';
    expect(problemsOf(`{id: l, ${steps}}`, '[tiny, {preset: tiny, layers: 1}]')).toEqual([
      ['experiments[0].models', 'a ladder has one model, not 2: name it'],
      ['experiments[0].engines', 'a ladder has one engine, not 2: name it'],
      ['experiments[0].engines', 'a ladder starts at one value of step_ns'],
    ]);
    expect(
      problemsOf(`{id: l, engines: [x], ladder: [{name: a, model: tinny}, {name: b, threads: 1}]}`),
    ).toEqual([['experiments[0].ladder[0].model', 'no model of this study is called tinny']]);
    expect(problemsOf(`{id: l, engines: [x], ${steps}}`)).toMatchObject({ kind: 'study' });
  });

  it('refuses more layers than the preset has', () => {
    expect(problemsOf(`{id: l}`, '[{preset: tiny, layers: 3}]')).toEqual([
      ['models[0].layers', 'more layers than the preset has'],
    ]);
  });
});

describe('engines by technique', () => {
  it('say something of every technique, with a source', () => {
    for (const { uses, sources } of ENGINE_TECHNIQUES) {
      expect(Object.keys(uses).sort()).toEqual([...TECHNIQUE_IDS].sort());
      expect(sources.length).toBeGreaterThan(0);
    }
  });
});

/** The table of `npm run bench:engines` in a world that is known: simulated engines, through journal and report. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CLASSES } from '../../bench/side-by-side/classes.ts';
import { compareClasses, MARGIN } from '../../bench/side-by-side/compare.ts';
import { studyOfShape } from '../../bench/side-by-side/study.ts';
import { sideBySideTables } from '../../bench/side-by-side/table.ts';
import { reportInput } from '../../src/cli/reports.ts';
import { ENGINE_DECLARATIONS } from '../../src/engines/declarations.ts';
import { runFolder } from '../../src/journal/run-folder.ts';
import { presentValue } from '../../src/kernel/maybe.ts';
import { studyVocabulary } from '../../src/run/vocabulary.ts';
import { parseStudyOrThrow } from '../../src/study/parse.ts';
import { FOLDER, simulatedRun } from '../verdicts/sim-study.ts';

const studyText = (name: string): string =>
  readFileSync(new URL(`../../bench/side-by-side/studies/${name}.yaml`, import.meta.url), 'utf8');

const shape = { batches: [1, 4], input: 20, output: 5, threads: 1, rounds: 3 };

/** Prefill 0.1 ms a prompt token and sequence; a step 10 ms (`step_ns`) plus 0.5 ms for each sequence. */
const simulated = (engines: string): string =>
  studyOfShape(
    `name: sim\nmodels: [tiny]\nengines: [${engines}]\naxes: {batch: 1}\nrounds: {minimum: 5, maximum: 5, confirm: 0}\nrepeats: {minimum: 1, maximum: 1, window: 1ms}\ncorrectness: {check: false}`,
    shape,
  );

const compared = async (engines: string) => {
  const host = await simulatedRun(simulated(engines));
  const [only] = compareClasses(
    [{ class: { id: 'fp32', title: '32 bit' }, input: reportInput(host, runFolder(FOLDER)) }],
    'own',
  );
  return only!;
};

const quiet = (label: string, step_ms: number, seed: number): string =>
  `{id: sim, label: ${label}, options: {step_ns: ${step_ms * 1e6}, noise: white, noiseScale: 0.001, noiseSeed: ${seed}}}`;

describe('the studies of bench:engines', () => {
  it.each(CLASSES.map(({ id }) => id))('%s is a study in which every engine of the class can run', (id) => {
    const study = parseStudyOrThrow(studyText(id), studyVocabulary(ENGINE_DECLARATIONS), id);
    expect(study.rounds).toMatchObject({ minimum: 5, maximum: 5, confirm: 0 });
    expect([study.axes.batch, study.axes.inputTokens, study.axes.outputTokens]).toEqual([
      [1, 4, 16, 64],
      [64],
      [64],
    ]);
    expect(study.engines[0]?.id).toBe('onnxruntime');
  });

  it('name every CPU engine that Hayasa has', () => {
    const study = parseStudyOrThrow(studyText('fp32'), studyVocabulary(ENGINE_DECLARATIONS), 'fp32');
    const onCpu = ENGINE_DECLARATIONS.filter(
      ({ id, capabilities }) => id !== 'sim' && capabilities.devices.includes('cpu'),
    );
    expect(new Set(study.engines.map(({ id }) => id))).toEqual(new Set(onCpu.map(({ id }) => id)));
  });

  it('give the same text for the same shape, so that the same command goes on', () => {
    const text = studyText('4-bit');
    expect(studyOfShape(text, shape)).toBe(studyOfShape(text, shape));
    const study = parseStudyOrThrow(studyOfShape(text, shape), studyVocabulary(ENGINE_DECLARATIONS), 't');
    expect(study.name).toBe('side-by-side-4-bit-20-in-5-out');
    expect([study.axes.batch, study.axes.outputTokens, study.rounds.maximum]).toEqual([[1, 4], [5], 3]);
  });
});

describe('engines side by side', () => {
  it('compare the embedded engine with the fastest of all others, at each batch', async () => {
    const { rows, contests, rounds } = await compared(
      '{id: sim, label: own}, {id: sim, label: near, options: {step_ns: 20000000}}, {id: sim, label: far, options: {step_ns: 30000000}}',
    );
    expect(rounds).toBe(3);
    expect(
      rows.map(({ engine, embedded, batches }) => [engine, embedded, batches.map(({ batch }) => batch)]),
    ).toEqual([
      ['own', true, [1, 4]],
      ['near', false, [1, 4]],
      ['far', false, [1, 4]],
    ]);
    // 2 ms of prefill and four steps of 10.5 ms; with four sequences 8 ms and steps of 12 ms.
    expect(rows[0]!.batches.map(({ throughput }) => presentValue(throughput)?.mean)).toEqual([
      expect.closeTo(5 / 0.044, 6),
      expect.closeTo(20 / 0.056, 6),
    ]);
    expect(contests.map(({ batch, rival, outcome }) => [batch, rival, outcome])).toEqual([
      [1, 'near fp32 step_ns=20000000', 'leads'],
      [4, 'near fp32 step_ns=20000000', 'leads'],
    ]);
    expect(presentValue(contests[0]!.ratio)?.mean).toBeCloseTo(84 / 44, 9);
  });

  it('say where it is behind, where both tie, and where the rounds cannot tell', async () => {
    const outcomes = async (engines: string): Promise<string[]> =>
      (await compared(engines)).contests.map(({ outcome }) => outcome);
    expect(await outcomes(`${quiet('own', 20, 1)}, ${quiet('other', 10, 2)}`)).toEqual(['behind', 'behind']);
    expect(await outcomes(`${quiet('own', 10, 1)}, ${quiet('other', 10.1, 2)}`)).toEqual(['ties', 'ties']);
    const loud = (label: string, step_ns: number, seed: number): string =>
      `{id: sim, label: ${label}, options: {step_ns: ${step_ns}, noise: white, noiseScale: 0.2, launchScale: 0.2, noiseSeed: ${seed}}}`;
    expect(await outcomes(`${loud('own', 10_000_000, 3)}, ${loud('other', 10_200_000, 4)}`)).toEqual([
      'undecided',
      'undecided',
    ]);
  });

  it('show the fastest precision of the embedded engine, and count all of them in the decision', async () => {
    const { contests } = await compared(
      '{id: sim, label: own, precisions: [fp32, w8]}, {id: sim, label: other, options: {step_ns: 20000000}}',
    );
    expect(contests.map(({ batch, embedded, fastest }) => [batch, embedded, fastest])).toEqual([
      [1, 'own w8 step_ns=10000000', true],
      [1, 'own fp32 step_ns=10000000', false],
      [4, 'own w8 step_ns=10000000', true],
      [4, 'own fp32 step_ns=10000000', false],
    ]);
  });

  it('print a row for each engine and precision, and a line for each contest', async () => {
    const only = await compared(
      '{id: sim, label: own}, {id: sim, label: other, options: {step_ns: 20000000}}',
    );
    const text = sideBySideTables('file.json', 'head.', {
      model: 'tiny',
      input: 20,
      output: 5,
      threads: 1,
      margin: MARGIN,
      contests: only.contests.length,
      classes: [only],
      notMeasured: ['4 bit'],
    });
    expect(text).toContain('Not measured yet: 4 bit.');
    expect(text).toMatch(/\| own step_ns=10000000 +\| fp32 \(.*\) +\| +113\.6 .*\| +357\.1 /);
    expect(text).toMatch(/\| 32 bit \| 1 +\| own fp32.*\| other fp32.*\| 1\.91.*\| leads +\|/);
  });
});

describe('bench/results', () => {
  it('has every file that its README names', () => {
    const folder = new URL('../../bench/results/', import.meta.url);
    const named = [...readFileSync(new URL('README.md', folder), 'utf8').matchAll(/\]\((20[^)]+\.json)\)/g)];
    expect(named.length).toBeGreaterThan(0);
    for (const [, file] of named) expect(existsSync(new URL(file!, folder))).toBe(true);
  });
});

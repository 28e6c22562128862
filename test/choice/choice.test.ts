/**
 * The answer for a chooser in worlds that are known, through the whole pipeline with simulated engines: prefill 0.1 ms a
 * prompt token and sequence, a step of 10 ms in fp32 (`slow`: 20 ms, `near`: 10.05 ms) plus 0.5 ms for each sequence.
 */
import { describe, expect, it } from 'vitest';
import { englishOnly, sayEnglish } from '../../src/kernel/language.ts';
import { presentValue } from '../../src/kernel/maybe.ts';
import { buildReport } from '../../src/report/build.ts';
import { markdown } from '../../src/report/formats/markdown.ts';
import { terminal } from '../../src/report/formats/terminal.ts';
import type { Report } from '../../src/report/model.ts';
import { emptyRun } from '../fixtures/synthetic-report.ts';
import { simulatedReport } from '../verdicts/sim-study.ts';

const study = (engines: string, rest = ''): string => `
name: simulated
models: [{preset: tiny, name: small}, {preset: tiny, name: large, seed: 1}]
engines: [${engines}]
axes: {batch: [1, 4]}
defaults: {inputTokens: 20, outputTokens: 5}
rounds: {minimum: 5, maximum: 5, confirm: 0}
repeats: {minimum: 1, maximum: 1, window: 1ms}
correctness: {check: false}
${rest}`;

const engine = (label: string, options: string, precisions = 'fp32'): string =>
  `{id: sim, label: ${label}, precisions: [${precisions}], options: {${options}}}`;

const outcomes = ({ choice }: Report) =>
  choice?.places.map(({ model, batch, choices }) => [
    `${model} ${batch}`,
    ...choices.map(
      ({ outcome, options }) =>
        `${outcome}: ${options.map(({ engine: name, precision }) => `${name} ${precision}`).join(', ')}`,
    ),
  ]);

const choiceOn = (report: Report, width: number): string => {
  const text = terminal.render(report, { colour: false, width }, sayEnglish);
  return text.slice(text.indexOf('Which to choose'), text.indexOf('All rows:'));
};

const PRICED = study(
  [
    engine('fast', 'noise: white, noiseScale: 0.01, noiseSeed: 1', 'fp32, w8'),
    engine('slow', 'step_ns: 20000000, noise: white, noiseScale: 0.01, noiseSeed: 2'),
  ].join(', '),
  'pricePerHour: {cpu: 3.60 USD}',
);

describe('the answer for a chooser', () => {
  it('names the fastest of each place, in both classes of outputs', async () => {
    const report = await simulatedReport(
      study([engine('fast', '', 'fp32, w8'), engine('slow', 'step_ns: 20000000')].join(', ')),
    );
    expect(outcomes(report)).toEqual(
      ['small 1', 'small 4', 'large 1', 'large 4'].map((place) => [
        place,
        'fastest: fast fp32',
        'fastest: fast w8',
      ]),
    );
    const [first] = report.choice!.places;
    expect(first?.choices[0]?.confidence).toBe(1);
    // 2 ms of prefill and four steps of 10.5 or 20.5 ms.
    expect(presentValue(first!.choices[0]!.runnerUp!.ratio)?.mean).toBeCloseTo(84 / 44, 9);
    // Four places, two classes; nothing is decided twice.
    expect(report.choice?.contests).toBe(8);
  });

  it('calls what is within 2 % equal, and what the noise hides undecided', async () => {
    const equal = await simulatedReport(
      study([engine('near', 'step_ns: 10050000'), engine('fast', '')].join(', ')),
    );
    expect(outcomes(equal)?.map(([, one]) => one)).toEqual(Array(4).fill('equal: fast fp32, near fp32'));
    const noise = (seed: number) => `noise: white, noiseScale: 0.1, launchScale: 0.1, noiseSeed: ${seed}`;
    const undecided = await simulatedReport(
      study([engine('one', noise(3)), engine('other', `step_ns: 10300000, ${noise(4)}`)].join(', ')),
    );
    for (const place of undecided.choice!.places) {
      expect(place.choices.map(({ outcome, options }) => [outcome, options.length])).toEqual([
        ['undecided', 2],
        ['undecided', 2],
      ]);
    }
    // Both classes hold the same cells and are one contest.
    expect(undecided.choice?.contests).toBe(4);
    await expect(choiceOn(undecided, 140)).toMatchFileSnapshot('../golden/choice/undecided-terminal.txt');
  });

  it('says so where there is one only, and nothing where nothing was measured', async () => {
    const lone = await simulatedReport(study(engine('lone', '')));
    expect(outcomes(lone)?.[0]).toEqual(['small 1', 'alone: lone fp32', 'alone: lone fp32']);
    expect(lone.choice?.places[0]?.choices[0]).toMatchObject({ outcome: 'alone', confidence: undefined });
    expect(buildReport(emptyRun()).choice).toBeUndefined();
  });

  it('gives money per million tokens where the machine has a price, exactly', async () => {
    const report = await simulatedReport(study(engine('fast', ''), 'pricePerHour: {"*": 3.60 USD}'));
    const cost = report.choice!.places[0]!.choices[0]!.options[0]!.cost;
    // 0.001 USD a second: 44 ms for 5 new tokens, of them 2 ms for 20 input tokens.
    expect(presentValue(cost.newTokens)?.mean).toBeCloseTo((0.001 * 0.044 * 1e6) / 5, 9);
    expect(presentValue(cost.inputTokens)?.mean).toBeCloseTo((0.001 * 0.002 * 1e6) / 20, 9);
    expect(presentValue(cost.outputTokens)?.mean).toBeCloseTo((0.001 * 0.042 * 1e6) / 5, 9);
  });

  it('in Markdown, on a screen and in JSON', async () => {
    const report = await simulatedReport(PRICED);
    const [file] = await markdown.render(report, sayEnglish);
    const text = file?.text ?? '';
    await expect(text.slice(text.indexOf('## Which'), text.indexOf('!['))).toMatchFileSnapshot(
      '../golden/choice/priced.md',
    );
    await expect(choiceOn(report, 100)).toMatchFileSnapshot('../golden/choice/priced-terminal.txt');
    await expect(`${JSON.stringify(report.choice, englishOnly, 2)}\n`).toMatchFileSnapshot(
      '../golden/choice/priced.json',
    );
  });
});

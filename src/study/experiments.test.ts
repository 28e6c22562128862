import { describe, expect, it } from 'vitest';
import { simDeclaration } from '../engines/sim/declaration.ts';
import { problemTexts } from '../kernel/errors.ts';
import { parseStudy, parseStudyOrThrow } from './parse.ts';
import { studyProduct } from './product.ts';

const vocabulary = { engines: [simDeclaration], presets: ['open-calm-small', 'tiny'], metrics: [] };
const base = `name: a
models: [tiny, open-calm-small]
engines: [{id: sim, label: x, precisions: [fp32, w8]}, {id: sim, label: y, options: {step_ns: 7}}]
defaults: {inputTokens: 8, outputTokens: 4}
`;

const cellsOf = (text: string) => {
  const study = parseStudyOrThrow(base + text, vocabulary, 'a.yaml');
  const models = study.models.map(({ name }) => ({ name, modelHash: name }));
  return [...studyProduct(study, models, () => simDeclaration, 2)].map(
    ({ cell, label, experiment, excludedBy }) => [
      experiment,
      cell.model,
      label,
      cell.precision,
      cell.batch,
      excludedBy,
    ],
  );
};

describe('experiments', () => {
  it('take models, engines and precisions out of the study, and axes of their own', () => {
    expect(
      cellsOf(`experiments:
  - {id: batch, models: [tiny], axes: {batch: [1, 2]}, excludes: [{engine: y, batch: 2}]}
  - {id: precision, models: [tiny], figure: precision, axes: {precision: [fp32, w8, w4]}}
`),
    ).toEqual([
      ['batch', 'tiny', 'x', 'fp32', 1, undefined],
      ['batch', 'tiny', 'x', 'fp32', 2, undefined],
      ['batch', 'tiny', 'y', 'fp32', 1, undefined],
      ['batch', 'tiny', 'y', 'fp32', 2, 'experiments[0].excludes[0]'],
      ['precision', 'tiny', 'x', 'fp32', 1, undefined],
      ['precision', 'tiny', 'x', 'w8', 1, undefined],
      ['precision', 'tiny', 'y', 'fp32', 1, undefined],
      ['precision', 'tiny', 'y', 'w8', 1, undefined],
      ['precision', 'tiny', 'y', 'w4', 1, undefined],
    ]);
  });

  it('have every problem named at once, with its place and the nearest name', () => {
    const parsed = parseStudy(
      `${base}experiments:
  - {id: one, models: [tinny], axes: {batch: 0}}
  - {id: one, figure: bars, engines: [z]}
  - {id: Two, axis: {}}
  - {id: three, excludes: [{model: small}]}
tests: [pp8]
`,
      vocabulary,
    );
    const problems = parsed.kind === 'problems' ? problemTexts('en', parsed.problems) : [];
    expect(problems.map(({ path, message, didYouMean }) => [path, message, didYouMean])).toEqual([
      ['experiments[0].models', 'no model of this study is called tinny', 'tiny'],
      ['experiments[0].axes.batch', 'not an allowed value', undefined],
      ['experiments[1].id', 'two experiments are called one', undefined],
      ['experiments[1].figure', 'unknown figure', undefined],
      ['experiments[1].engines', 'no engine of this study is called z', 'x'],
      ['experiments[2].id', 'lower-case letters, digits and dashes, at most 40', undefined],
      ['experiments[2].axis', 'unknown key "axis"', 'axes'],
      ['experiments[3].excludes[0].model', 'no model of this study is called small', undefined],
      [
        'tests',
        'tests and experiments exclude each other: give token counts in the axes of experiments',
        undefined,
      ],
    ]);
  });
});

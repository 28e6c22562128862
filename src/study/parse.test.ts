import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { simDeclaration } from '../engines/sim/declaration.ts';
import { problemTexts } from '../kernel/errors.ts';
import { parseStudy, parseStudyOrThrow } from './parse.ts';

const vocabulary = { engines: [simDeclaration], presets: ['open-calm-small', 'tiny'], metrics: [] };

const minimal = 'name: a\nmodels: [tiny]\nengines: [sim]\n';

const problemsIn = (text: string) => {
  const parsed = parseStudy(text, vocabulary);
  return parsed.kind === 'problems' ? problemTexts('en', parsed.problems) : [];
};

describe('parseStudy', () => {
  it('fills in every default', () => {
    const study = parseStudyOrThrow(minimal, vocabulary, 'a.yaml');
    expect(study).toMatchObject({
      name: 'a',
      models: [{ kind: 'preset', name: 'tiny', preset: 'tiny', seed: 0, dtype: 'F32' }],
      engines: [{ id: 'sim', version: undefined, label: 'sim', precisions: ['fp32'], options: {} }],
      axes: {
        batch: [1],
        inputTokens: [64],
        outputTokens: [64],
        depth: [0],
        threads: ['all'],
        stop: ['forced'],
      },
      tests: undefined,
      tokenProduct: true,
      rounds: { minimum: 5, maximum: 10, confirm: 5 },
      repeats: { minimum: 1, maximum: 20, window_ms: 2000 },
      warmUp: { maximum: 4, tokens: 8 },
      correctness: { check: true, engine: undefined, options: {} },
      budget_ms: undefined,
      seed: 0,
    });
  });

  it('expands ranges, lists, options, versions, tests and durations', () => {
    const study = parseStudyOrThrow(
      `name: full
models:
  - {preset: open-calm-small, seed: 3, dtype: F16, name: small}
  - path: /models/some.gguf
engines:
  - {id: sim@2, label: old, precisions: [fp32, w4], options: {noise: [none, white], step_ns: 5}}
axes: {batch: 2^0..2^3, threads: [1, all]}
defaults: {inputTokens: 16, batch: 2}
tests: [pp512, tg128@4096]
excludes: [{engine: old, batch: 4..8}]
priority: [{model: small, options: {noise: none}}]
budget: 1m30s
seed: -4
`,
      vocabulary,
      'full.yaml',
    );
    expect(study.models).toEqual([
      { kind: 'preset', name: 'small', preset: 'open-calm-small', seed: 3, dtype: 'F16' },
      { kind: 'path', name: 'some', path: '/models/some.gguf' },
    ]);
    expect(study.engines).toEqual([
      {
        id: 'sim',
        version: '2',
        label: 'old',
        listed: true,
        precisions: ['fp32', 'w4'],
        options: { noise: ['none', 'white'], step_ns: [5] },
      },
    ]);
    expect(study.axes).toMatchObject({ batch: [1, 2, 4, 8], threads: [1, 'all'], inputTokens: [16] });
    expect(study.tests).toEqual([
      { inputTokens: 512, outputTokens: 1, depth: 0 },
      { inputTokens: 1, outputTokens: 128, depth: 4096 },
    ]);
    expect(study.tokenProduct).toBe(false);
    expect(study.excludes).toEqual([{ engine: ['old'], axes: { batch: [4, 5, 6, 7, 8] } }]);
    expect(study.priority).toEqual([{ model: ['small'], options: { noise: ['none'] }, axes: {} }]);
    expect([study.budget_ms, study.seed]).toEqual([90_000, -4]);
  });

  it('reports every problem at once, with place, value, allowed values and the nearest name', () => {
    const problems = problemsIn(`name: bad
modles: []
models:
  - {preset: open-calm-smal}
  - {preset: tiny, path: /x}
engines:
  - id: simm
  - id: sim
    precisons: [fp32]
    options: {nois: white, noise: whit, step_ns: -1}
  - {id: sim, precisions: [fp33]}
axes:
  batch: [1, 0]
  bach: 4
excludes: [{model: nobody}]
rounds: {minimum: 9, maximum: 3}
budget: soon
`);
    expect(problems.map(({ path, line, didYouMean }) => [path, line, didYouMean])).toEqual([
      ['modles', 2, 'models'],
      ['models[0].preset', 4, 'open-calm-small'],
      ['models[1]', 5, undefined],
      ['engines[0].id', 7, 'sim'],
      ['engines[1].precisons', 9, 'precisions'],
      ['engines[1].options.nois', 10, 'noise'],
      ['engines[1].options.noise', 10, 'white'],
      ['engines[1].options.step_ns', 10, undefined],
      ['engines[2].precisions[0]', 11, 'fp32'],
      ['axes.batch[1]', 13, undefined],
      ['axes.bach', 14, 'batch'],
      ['excludes[0].model', 15, undefined],
      ['rounds.minimum', 16, undefined],
      ['budget', 17, undefined],
    ]);
    expect(problems.find(({ path }) => path === 'axes.batch[1]')).toMatchObject({
      value: '0',
      column: 14,
      allowed: 'whole numbers from 1 to 65536, ranges such as 1..4 or 2^0..2^6, lists of these',
    });
  });

  it.each([
    ['seed', 'seed: 1.5'],
    ['rounds.maximum', 'rounds: {maximum: 6.5}'],
    ['repeats.minimum', 'repeats: {minimum: 1.5}'],
    ['warmUp.tokens', 'warmUp: {tokens: 2.5}'],
    ['quality.characters', 'quality: {characters: 99.5}'],
  ])('a broken number in %s hid the checks between fields', (path, broken) => {
    const problems = problemsIn(`${minimal}${broken}\nexcludes: [{model: nobody}]\n`);
    expect(problems.map((problem) => problem.path)).toEqual([path, 'excludes[0].model']);
    expect(problems[0]).toMatchObject({ message: 'not a whole number', allowed: 'a whole number' });
  });

  it('broken seeds and layers of models, and values of axes, hide nothing either', () => {
    const models = '[{preset: tiny, seed: 0.5, layers: 1.5}]';
    const text = `name: a\nmodels: ${models}\nengines: [sim]\naxes: {batch: 1.5, threads: 0.5}\npriority: [{engine: none}]\n`;
    expect(problemsIn(text).map(({ path }) => path)).toEqual([
      'models[0].seed',
      'models[0].layers',
      'axes.batch',
      'axes.threads',
      'priority[0].engine',
    ]);
  });

  it('takes a width or a decision as enough launches, and nothing else', () => {
    const untilOf = (rounds: string) =>
      parseStudyOrThrow(`${minimal}rounds: ${rounds}`, vocabulary, 'a.yaml').rounds.until;
    expect(untilOf('{}')).toBeUndefined();
    expect(untilOf('{until: {width: 0.03}}')).toEqual({ width: 0.03, decided: false });
    expect(untilOf('{until: {decided: true}}')).toEqual({ width: undefined, decided: true });
    const pathsOf = (rounds: string) =>
      problemsIn(`${minimal}rounds: ${rounds}`).map(({ path, message }) => [path, message]);
    expect(pathsOf('{until: {}}')).toEqual([['rounds.until', 'nothing would ever be enough']]);
    expect(pathsOf('{until: {width: 1.5}}').map(([path]) => path)).toEqual(['rounds.until.width']);
    expect(pathsOf('{minimum: 1, until: {decided: true}}')).toEqual([
      ['rounds.minimum', 'one launch has no interval to look at'],
    ]);
  });

  it('takes a text for prompts, or none', () => {
    expect(parseStudyOrThrow(`${minimal}text: a.txt`, vocabulary, 'a.yaml').text).toBe('a.txt');
    expect(parseStudyOrThrow(`${minimal}text: false`, vocabulary, 'a.yaml').text).toBe(false);
    expect(problemsIn(`${minimal}text: true`)).toMatchObject([
      {
        path: 'text',
        message: 'neither a path nor false',
        allowed: 'the path of a UTF-8 text file, or false',
      },
    ]);
  });

  it('takes a chat, of every model or where there is a template, and leaves the field out where there is none', () => {
    const chatOf = (line: string) => parseStudyOrThrow(`${minimal}${line}`, vocabulary, 'a.yaml').chat;
    expect(chatOf('chat: true')).toBe(true);
    expect(chatOf('chat: where-available')).toBe('where-available');
    expect('chat' in parseStudyOrThrow(`${minimal}chat: false`, vocabulary, 'a.yaml')).toBe(false);
    expect(problemsIn(`${minimal}chat: sometimes`)).toMatchObject([{ path: 'chat' }]);
    expect(problemsIn(`${minimal}text: false\nchat: true`)).toMatchObject([
      { path: 'chat', message: 'token ids are no messages of a chat', allowed: 'false, or a text' },
    ]);
  });

  it('says what is missing', () => {
    expect(problemsIn('{}').map(({ path, message }) => `${path} ${message}`)).toEqual([
      'name is missing',
      'models is missing',
      'engines is missing',
    ]);
    expect(problemsIn('')).toHaveLength(1);
    expect(problemsIn('- 1')).toHaveLength(1);
  });

  it('says which key stands twice, and every other problem with it', () => {
    expect(problemsIn(`${minimal}name: b\naxes: {batch: 1, batch: 0}\n`)).toMatchObject([
      { path: 'name', message: 'the key stands twice, first in line 1', value: 'b', line: 4, column: 1 },
      {
        path: 'axes.batch',
        message: 'the key stands twice, first in line 5',
        value: '0',
        line: 5,
        column: 18,
      },
      { path: 'axes.batch', message: 'not an allowed value', value: '0', line: 5 },
    ]);
    expect(problemsIn(`${minimal}seed: 1\nseed: 2\n`)).toHaveLength(1);
  });

  it('hid models that are not there behind any other problem: they are named with it', () => {
    const check = (model: { readonly name: string }) =>
      model.name === 'gone' ? { en: 'is not there', ja: 'ありません' } : undefined;
    const paths = (text: string): string[] => {
      const parsed = parseStudy(text, vocabulary, check);
      return parsed.kind === 'problems' ? parsed.problems.map(({ path }) => path) : [];
    };
    const models = 'name: a\nmodels: [tiny, {path: ./gone}, {path: ./there}, {path: 3}]\nengines: [sim]\n';
    expect(paths(`${models}seeed: 1\n`)).toEqual(['models[1].path', 'models[3].path', 'seeed']);
    expect(paths(`${minimal}seed: 1\nseed: 2\n`)).toEqual(['seed']);
    // Alone it is not the study's problem: whoever opens the model says it, with a code of its own.
    expect(paths('name: a\nmodels: [{path: ./gone}]\nengines: [sim]\n')).toEqual([]);
  });

  it('took an alias inside of what it stands for for a defect of its own: it is named', () => {
    expect(problemsIn('name: a\nmodels: &m [tiny, *m]\nengines: [sim]\n')).toEqual([
      { path: 'models[1]', message: 'an alias inside of what it stands for', line: 2, column: 19 },
    ]);
    expect(problemsIn('&all\nname: {deep: [*all]}\n')).toMatchObject([{ path: 'name.deep[0]', line: 2 }]);
    expect(problemsIn('name: &n a\nmodels: [tiny]\nengines: [sim]\ndescription: *n\n')).toEqual([]);
  });

  it('says that a file is empty', () => {
    for (const text of ['', '# nothing\n', 'null\n', '---\n'])
      expect(problemsIn(text)).toMatchObject([{ path: '', message: expect.stringContaining('is empty') }]);
  });

  it('refuses broken YAML, merge keys, alias bombs and bottomless nesting', () => {
    expect(problemsIn('a: [')[0]).toMatchObject({ line: 1 });
    expect(problemsIn(`${minimal}<<: {seed: 1}\n`)[0]).toMatchObject({ path: '<<' });
    const levels = Array.from({ length: 12 }, (_, i) => `l${i + 1}: &l${i + 1} [${`*l${i}, `.repeat(9)}]`);
    expect(problemsIn(`l0: &l0 [x]\n${levels.join('\n')}`)).toHaveLength(1);
    expect(problemsIn('['.repeat(100_000))[0]?.message).toBe('nested more than 100 deep');
    expect(problemsIn('- '.repeat(100_000))[0]?.message).toBe('nested more than 100 deep');
    expect(problemsIn('x'.repeat(2_000_000))).toHaveLength(1);
  });

  it('refuses more cells than a study can mean', () => {
    const text = `${minimal}axes: {batch: 1..1000, inputTokens: 1..1001}`;
    expect(problemsIn(text)).toMatchObject([{ path: 'axes', message: 'about 1001000 cells' }]);
    const options =
      'name: a\nmodels: [tiny]\nengines: [{id: sim, options: {noiseSeed: 0..4000, faultAt: 0..4000}}]';
    expect(problemsIn(options)).toMatchObject([{ path: 'engines', message: 'about 16008001 cells' }]);
  });

  it('answers whatever the text with a study or problems', () => {
    const yamlish = fc.stringMatching(/^[a-z:\-[\]{}&*<#!|>"'?%@ ,0-9^.\n]{0,80}$/);
    fc.assert(
      fc.property(fc.oneof(fc.string(), yamlish), (text) => {
        for (const input of [text, `${minimal}${text}`, minimal.replace('tiny', text)]) {
          const parsed = parseStudy(input, vocabulary);
          if (parsed.kind === 'problems') expect(parsed.problems.length).toBeGreaterThan(0);
        }
      }),
    );
  });

  it('answers whatever the data with a study or problems', () => {
    const keys = fc.constantFrom(
      'name',
      'models',
      'engines',
      'axes',
      'excludes',
      'rounds',
      'id',
      'options',
      'batch',
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom('sim', 'tiny', 1, 0, null, true, '2^0..2^4'),
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(keys, tie('tree'), { maxKeys: 5 }),
      ),
    }));
    fc.assert(
      fc.property(tree, (data) => {
        const parsed = parseStudy(JSON.stringify(data) ?? '', vocabulary);
        if (parsed.kind === 'problems') expect(parsed.problems.length).toBeGreaterThan(0);
      }),
    );
  });
});

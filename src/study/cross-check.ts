/** Checks between fields of one study; they run even where single fields have problems, so they read defensively. */

import { addProblem, type Issues } from './add-problem.ts';
import { checkModels, modelNames } from './check-models.ts';
import { entries, field, recordOf } from './raw-fields.ts';
import { nameHints } from './value-field.ts';

/** Beyond so many combinations of axes a study is a slip. */
const MAXIMUM_CELLS = 1_000_000;

/** Reports every contradiction between fields of `file`, the parsed (or partly parsed) study. */
export function crossCheck(file: unknown, context: Issues): void {
  const models = entries(file, 'models');
  const engines = entries(file, 'engines');
  checkModels(models, context);
  checkPatterns(file, names(models, modelNames), names(engines, engineNames), context);
  checkExperiments(file, context);
  checkRounds(file, context);
  checkChat(file, context);
  checkSize(file, models.length, engines, context);
}

/** Verdicts are decided once, over rounds that are equal for all cells: their error rates allow for no looks. */
function checkRounds(file: unknown, context: Issues): void {
  if (entries(file, 'claims').length === 0 || field(field(file, 'rounds'), 'until') === undefined) return;
  addProblem(context, {
    path: ['rounds', 'until'],
    message: {
      en: 'claims are decided over equal rounds of all cells',
      ja: '主張は、すべてのセルに等しいラウンドで判定します',
    },
    params: {
      allowed: {
        en: 'claims without until, or until without claims',
        ja: 'until のない主張、または主張のない until',
      },
    },
  });
}

function checkChat(file: unknown, context: Issues): void {
  const chat = field(file, 'chat');
  if (field(file, 'text') !== false || chat === undefined || chat === false) return;
  addProblem(context, {
    path: ['chat'],
    message: {
      en: 'token ids are no messages of a chat',
      ja: 'トークン ID はチャットのメッセージになりません',
    },
    params: { allowed: { en: 'false, or a text', ja: 'false、または text' } },
  });
}

function checkPatterns(
  file: unknown,
  models: readonly string[],
  engines: readonly string[],
  context: Issues,
): void {
  const known = { model: models, engine: engines };
  const check = (raw: unknown, what: 'model' | 'engine', path: PropertyKey[]): void => {
    for (const name of [raw ?? []].flat()) {
      if (typeof name !== 'string' || known[what].includes(name)) continue;
      addProblem(context, {
        path,
        message: {
          en: `no ${what} of this study is called ${name}`,
          ja: `このスタディに ${name} という ${what} はありません`,
        },
        params: nameHints(known[what], name),
      });
    }
  };
  const checkList = (owner: unknown, list: string, prefix: readonly PropertyKey[]): void => {
    for (const [index, pattern] of entries(owner, list).entries()) {
      check(field(pattern, 'model'), 'model', [...prefix, list, index, 'model']);
      check(field(pattern, 'engine'), 'engine', [...prefix, list, index, 'engine']);
    }
  };
  checkList(file, 'excludes', []);
  checkList(file, 'priority', []);
  for (const [index, claim] of entries(file, 'claims').entries()) {
    for (const [key, value] of Object.entries(recordOf(claim))) {
      check(field(value, 'model'), 'model', ['claims', index, key, 'model']);
      check(field(value, 'engine'), 'engine', ['claims', index, key, 'engine']);
    }
    for (const [engine, stand] of Object.entries(recordOf(field(claim, 'analogues')))) {
      check([engine, stand], 'engine', ['claims', index, 'analogues', engine]);
    }
  }
  for (const [index, experiment] of entries(file, 'experiments').entries()) {
    checkList(experiment, 'excludes', ['experiments', index]);
    check(field(experiment, 'models'), 'model', ['experiments', index, 'models']);
    check(field(experiment, 'engines'), 'engine', ['experiments', index, 'engines']);
    for (const [at, step] of entries(experiment, 'ladder').entries()) {
      check(field(step, 'model'), 'model', ['experiments', index, 'ladder', at, 'model']);
    }
  }
}

function checkExperiments(file: unknown, context: Issues): void {
  const experiments = entries(file, 'experiments');
  const seen = new Set<unknown>();
  for (const [index, experiment] of experiments.entries()) {
    const id = field(experiment, 'id');
    if (typeof id === 'string' && seen.has(id)) {
      const path = ['experiments', index, 'id'];
      addProblem(context, {
        path,
        message: { en: `two experiments are called ${id}`, ja: `${id} という実験が二つあります` },
      });
    }
    seen.add(id);
  }
  if (experiments.length > 0 && field(file, 'tests') !== undefined) {
    const message = {
      en: 'tests and experiments exclude each other: give token counts in the axes of experiments',
      ja: 'tests と experiments は一緒に使えません: トークン数は実験の axes に書いてください',
    };
    addProblem(context, { path: ['tests'], message });
  }
}

/** An upper bound: excludes are not taken off, and equal cells are not merged. */
function checkSize(file: unknown, models: number, engines: readonly unknown[], context: Issues): void {
  const experiments = entries(file, 'experiments');
  const whole = recordOf(field(file, 'axes'));
  const cells =
    experiments.length === 0
      ? cellCount(whole, models, engines)
      : experiments.reduce<number>(
          (sum, one) =>
            sum +
            Math.max(1, entries(one, 'ladder').length) *
              cellCount({ ...whole, ...recordOf(field(one, 'axes')) }, models, engines),
          0,
        );
  if (cells > MAXIMUM_CELLS) {
    const path =
      experiments.length > 0 ? 'experiments' : field(file, 'axes') === undefined ? 'engines' : 'axes';
    addProblem(context, {
      path: [path],
      message: { en: `about ${cells} cells`, ja: `約 ${cells} セル` },
      params: { allowed: { en: `at most ${MAXIMUM_CELLS}`, ja: `最大 ${MAXIMUM_CELLS}` } },
    });
  }
}

function cellCount(
  axes: Readonly<Record<string, unknown>>,
  models: number,
  engines: readonly unknown[],
): number {
  const axisLengths = Object.entries(axes).map(([key, values]) =>
    key === 'precision' ? 1 : lengthOf(values),
  );
  const variants = engines.map((engine) => {
    const precisions = lengthOf(field(engine, 'precisions') ?? axes['precision']);
    return multiply([precisions, ...Object.values(recordOf(field(engine, 'options'))).map(lengthOf)]);
  });
  return models * variants.reduce((sum, count) => sum + count, 0) * multiply(axisLengths);
}

const lengthOf = (values: unknown): number => (Array.isArray(values) ? values.length : 1);

const multiply = (counts: readonly number[]): number => counts.reduce((product, count) => product * count, 1);

function engineNames(engine: unknown): string[] {
  return [field(field(engine, 'id'), 'id'), field(engine, 'label')].filter(
    (name) => typeof name === 'string',
  );
}

const names = (list: readonly unknown[], of: (entry: unknown) => string[]): string[] => [
  ...new Set(list.flatMap(of)),
];

/** Text of a study file -> the study, or every problem of it at once. Pure: engines and presets are handed in. */

import { type Problem, ProblemsError } from '../kernel/errors.ts';
import type { Words } from '../kernel/language.ts';
import { hubShortName } from '../models/hub-id.ts';
import type { PrecisionName } from '../models/precision.ts';
import { emptySelections } from './claim-cells.ts';
import { claimIssues, resolveClaim } from './claims.ts';
import { crossCheck } from './cross-check.ts';
import { parseYaml } from './document.ts';
import { resolvedAxes, resolveExperiment } from './experiments.ts';
import { studyJsonSchema } from './json-schema.ts';
import { modelField } from './model-field.ts';
import { inFileOrder, placedProblems, problemsOf } from './problems.ts';
import { resolvePattern } from './resolve-pattern.ts';
import { type StudyFile, studySchema } from './schema.ts';
import type { Study, StudyEngine, StudyModel } from './study.ts';
import type { Vocabulary } from './vocabulary.ts';

export type ParsedStudy =
  | { readonly kind: 'study'; readonly study: Study }
  | { readonly kind: 'problems'; readonly problems: readonly Problem[] };

/** What is wrong with a model on this machine, or undefined: a study cannot know it by itself. */
export type ModelCheck = (model: StudyModel) => Words | undefined;

/**
 * The study of `text`, or all of its problems with path, value, allowed values and position. Throws only what `check` does.
 * @param check asked where the study has a problem, so that models that are not there are named with it
 */
export function parseStudy(
  text: string,
  vocabulary: Vocabulary,
  check: ModelCheck = () => undefined,
): ParsedStudy {
  const document = parseYaml(text);
  if (document.kind === 'problems') return document;
  const { data, duplicates, locate } = document;
  if (data === null || data === undefined) return { kind: 'problems', problems: [EMPTY] };
  const schema = studySchema(vocabulary).superRefine(crossCheck, {
    when: ({ value }) => typeof value === 'object' && value !== null,
  });
  const parsed = schema.safeParse(data);
  if (!parsed.success) {
    const jsonSchema = studyJsonSchema(vocabulary);
    const problems = [
      ...problemsOf(parsed.error.issues, { data, locate, jsonSchema }),
      ...placedProblems(modelIssues(data, vocabulary, check), { data, locate }),
    ];
    return { kind: 'problems', problems: inFileOrder([...duplicates, ...problems]) };
  }
  const { study, issues: ladderIssues } = resolve(parsed.data, vocabulary);
  const issues =
    ladderIssues.length > 0
      ? ladderIssues
      : [...claimIssues(study.claims), ...emptySelections(study, vocabulary.engines)];
  const found = issues.length + duplicates.length === 0 ? [] : modelIssues(data, vocabulary, check);
  const problems = inFileOrder([...duplicates, ...placedProblems([...issues, ...found], { data, locate })]);
  return problems.length === 0 ? { kind: 'study', study } : { kind: 'problems', problems };
}

/** Of the models that can be read, whatever else is wrong. */
function modelIssues(
  data: unknown,
  vocabulary: Vocabulary,
  check: ModelCheck,
): { readonly path: readonly PropertyKey[]; readonly message: Words }[] {
  const models: unknown = typeof data === 'object' && data !== null && 'models' in data ? data.models : [];
  const field = modelField(vocabulary);
  return (Array.isArray(models) ? models : []).flatMap((entry: unknown, index) => {
    const parsed = field.safeParse(entry);
    const message = parsed.success ? check(resolveModel(parsed.data)) : undefined;
    const at = typeof entry === 'object' && entry !== null && 'path' in entry ? ['path'] : [];
    return message === undefined ? [] : [{ path: ['models', index, ...at], message }];
  });
}

const EMPTY: Problem = {
  path: '',
  message: {
    en: 'the file is empty; a study has at least the keys name, models and engines',
    ja: 'ファイルが空です。スタディには少なくともキー name, models, engines が必要です',
  },
};

/**
 * As `parseStudy`, throwing.
 * @throws ProblemsError with every problem; `file` names the study in its message
 */
export function parseStudyOrThrow(
  text: string,
  vocabulary: Vocabulary,
  file: string,
  check?: ModelCheck,
): Study {
  const parsed = parseStudy(text, vocabulary, check);
  if (parsed.kind === 'problems') throw new ProblemsError(file, parsed.problems);
  return parsed.study;
}

interface Resolved {
  readonly study: Study;
  /** What is wrong with ladders. */
  readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: Words }[];
}

function resolve(file: StudyFile, { engines: declarations }: Vocabulary): Resolved {
  const axes = resolvedAxes(file);
  const models = file.models.map(resolveModel);
  const engines = file.engines.map((engine) =>
    resolveEngine(engine, axes.precision as readonly PrecisionName[]),
  );
  const { window, ...repeats } = file.repeats;
  const tokenAxes = ['inputTokens', 'outputTokens', 'depth'] as const;
  const experiments = file.experiments.map((experiment) =>
    resolveExperiment(experiment, { models, engines, axes }, (id) =>
      declarations.find((one) => one.id === id),
    ),
  );
  const study: Study = {
    name: file.name,
    description: file.description,
    models,
    text: file.text,
    // Left out where it is not asked for, so that runs begun before keep their ids.
    ...(file.chat === false ? {} : { chat: file.chat }),
    engines,
    axes,
    experiments: experiments.map(({ experiment }) => experiment),
    claims: file.claims.map(resolveClaim),
    tests: file.tests,
    tokenProduct: file.tests === undefined || tokenAxes.some((key) => file.axes?.[key] !== undefined),
    excludes: file.excludes.map(resolvePattern),
    priority: file.priority.map(resolvePattern),
    rounds: resolveRounds(file.rounds),
    repeats: { ...repeats, window_ms: window },
    warmUp: file.warmUp,
    correctness: { ...file.correctness, engine: file.correctness.engine },
    quality: file.quality === undefined ? undefined : { ...file.quality, text: file.quality.text },
    budget_ms: file.budget,
    pricePerHour: file.pricePerHour,
    seed: file.seed,
  };
  return {
    study,
    issues: experiments.flatMap(({ issues }, index) =>
      issues.map(({ path, message }) => ({ path: ['experiments', index, ...path], message })),
    ),
  };
}

const resolveRounds = ({ block, until, ...rounds }: StudyFile['rounds']): Study['rounds'] => ({
  ...rounds,
  until: resolveUntil(until),
  // Left out where it is not given, so that runs begun before keep their ids.
  ...(block === undefined ? {} : { block_ms: block }),
});

const resolveUntil = (until: StudyFile['rounds']['until']): Study['rounds']['until'] =>
  until === undefined ? undefined : { ...until, width: until.width };

const PRESET_DEFAULTS = { seed: 0, dtype: 'F32', layers: undefined } as const;

function resolveModel(model: StudyFile['models'][number]): StudyModel {
  if (typeof model === 'string') return { kind: 'preset', name: model, preset: model, ...PRESET_DEFAULTS };
  const {
    preset,
    path = '',
    hub,
    name,
    seed = PRESET_DEFAULTS.seed,
    dtype = PRESET_DEFAULTS.dtype,
    layers,
  } = model;
  if (preset !== undefined) {
    const own = layers === undefined ? preset : `${preset}-${layers}-layers`;
    return { kind: 'preset', name: name ?? own, preset, seed, dtype, layers };
  }
  if (hub !== undefined) return { kind: 'hub', name: name ?? hubShortName(hub), hub };
  return { kind: 'path', name: name ?? lastPart(path), path };
}

/** The last part of a path, without an ending `.gguf`. */
export const lastPart = (path: string): string =>
  path
    .split(/[/\\]/)
    .filter((part) => part !== '')
    .at(-1)
    ?.replace(/\.gguf$/, '') ?? path;

function resolveEngine(
  engine: StudyFile['engines'][number],
  precisions: readonly PrecisionName[],
): StudyEngine {
  const { id, version } = engine.id;
  return {
    id,
    version,
    label: engine.label ?? (version === undefined ? id : `${id}@${version}`),
    precisions: engine.precisions ?? precisions,
    listed: engine.precisions !== undefined,
    options: engine.options,
  };
}

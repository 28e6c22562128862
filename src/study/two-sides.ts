/**
 * The study that measures two sides against each other and nothing else, as text: what both name is fixed, what differs
 * takes both values, and cells that mix the two are excluded. Pure; values that are not allowed are left to the parser,
 * which reports them with their places.
 */
import { type Document, isMap, parse, parseDocument } from 'yaml';
import type { OptionValue } from '../axes/cell.ts';
import { AXIS_KEYS } from '../axes/registry.ts';
import { modelEntry } from './model-entry.ts';
import type { Study, StudyEngine } from './study.ts';

/** Values by key: `model`, `engine`, `version`, an axis, or an option of an engine. */
export type SideSettings = ReadonlyMap<string, readonly string[]>;

/** Most launches of each side, unless the caller says otherwise. */
export interface TwoSidedRounds {
  readonly minimum: number;
  readonly maximum: number;
}

/**
 * @param text the study; `study` is its parse
 * @returns the text of a study whose cells are those of A and of B; unchanged where `text` is no YAML mapping
 */
export function twoSidedStudy(
  text: string,
  study: Study,
  a: SideSettings,
  b: SideSettings,
  rounds: TwoSidedRounds,
): string {
  const document = parseDocument(text);
  if (document.errors.length > 0 || !isMap(document.contents)) return text;
  const keys = [...new Set([...a.keys(), ...b.keys()])];
  const both = (key: string): string[] => [...new Set([...(a.get(key) ?? []), ...(b.get(key) ?? [])])];
  // Claims are about cells that this study does not have.
  document.delete('claims');
  document.set('name', `${study.name.slice(0, 97)}-ab`);
  document.set('engines', document.createNode(engineEntries(study, keys, both)));
  if (keys.includes('model')) keepModels(document, study, both('model'));
  for (const key of AXIS_KEYS.filter((axis) => axis !== 'precision' && keys.includes(axis)))
    setAxis(document, key, both(key).map(scalar));
  const mixed = mixedPatterns(keys, a, b);
  if (mixed.length > 0) document.set('excludes', document.createNode([...excludesOf(document), ...mixed]));
  document.set('rounds', document.createNode({ ...rounds, confirm: 0 }));
  return document.toString();
}

/** A value as YAML reads it: 4, true, fp32. */
const scalar = (text: string): OptionValue => {
  const value: unknown = parse(text);
  return typeof value === 'number' || typeof value === 'boolean' ? value : text;
};

function engineEntries(
  study: Study,
  keys: readonly string[],
  both: (key: string) => readonly string[],
): Readonly<Record<string, unknown>>[] {
  const options = keys.filter((key) => !['cell', 'model', 'engine', 'version', ...AXIS_KEYS].includes(key));
  return enginesOf(study, both('engine')).flatMap((engine) => {
    const versions = keys.includes('version') ? both('version') : [engine.version];
    return versions.map((version) => {
      const id = version === undefined ? engine.id : `${engine.id}@${version}`;
      return {
        id,
        ...(engine.label === engine.id || keys.includes('version') ? {} : { label: engine.label }),
        precisions: keys.includes('precision') ? both('precision') : engine.precisions,
        options: {
          ...engine.options,
          ...Object.fromEntries(options.map((key) => [key, both(key).map(scalar)])),
        },
      };
    });
  });
}

/** The engines of the study that are named, and those that are named without being in it. */
function enginesOf(study: Study, names: readonly string[]): StudyEngine[] {
  if (names.length === 0) return [...study.engines];
  const isNamed = ({ id, label }: StudyEngine, name: string): boolean => id === name || label === name;
  const known = study.engines.filter((engine) => names.some((name) => isNamed(engine, name)));
  const precisions = [...new Set(study.engines.flatMap((engine) => engine.precisions))];
  const added = names
    .filter((name) => !study.engines.some((engine) => isNamed(engine, name)))
    .map((id): StudyEngine => ({ id, version: undefined, label: id, precisions, listed: true, options: {} }));
  return [...known, ...added];
}

function keepModels(document: Document, study: Study, names: readonly string[]): void {
  const entries = study.models.filter(({ name }) => names.includes(name)).map(modelEntry);
  // A name that is not in the study may be a preset; the parser says so where it is none.
  const added = names.filter((name) => !study.models.some((model) => model.name === name));
  document.set('models', document.createNode([...entries, ...added]));
}

function setAxis(document: Document, key: string, values: readonly OptionValue[]): void {
  if (isMap(document.get('defaults', true))) document.deleteIn(['defaults', key]);
  if (isMap(document.get('axes', true))) document.setIn(['axes', key], values);
  else document.set('axes', document.createNode({ [key]: values }));
}

function excludesOf(document: Document): unknown[] {
  const { excludes } = document.toJS() as { readonly excludes?: unknown };
  return Array.isArray(excludes) ? excludes : [];
}

/** Patterns of cells that take one setting from A and another from B. */
function mixedPatterns(
  keys: readonly string[],
  a: SideSettings,
  b: SideSettings,
): Readonly<Record<string, unknown>>[] {
  const differing = keys.filter((key) => {
    const [own, other] = [a.get(key) ?? [], b.get(key) ?? []];
    return own.length > 0 && other.length > 0 && own.every((value) => !other.includes(value));
  });
  return differing.flatMap((key, index) =>
    differing
      .slice(index + 1)
      .flatMap((other) => [
        pattern([key, a.get(key) ?? []], [other, b.get(other) ?? []]),
        pattern([key, b.get(key) ?? []], [other, a.get(other) ?? []]),
      ]),
  );
}

function pattern(
  ...parts: readonly (readonly [string, readonly string[]])[]
): Readonly<Record<string, unknown>> {
  const direct = parts.filter(([key]) => ['model', 'engine', ...AXIS_KEYS].includes(key));
  const options = parts.filter(([key]) => !['model', 'engine', 'version', ...AXIS_KEYS].includes(key));
  const isName = (key: string): boolean => key === 'model' || key === 'engine';
  return {
    ...Object.fromEntries(direct.map(([key, values]) => [key, isName(key) ? values : values.map(scalar)])),
    ...(options.length === 0
      ? {}
      : { options: Object.fromEntries(options.map(([key, values]) => [key, values.map(scalar)])) }),
  };
}

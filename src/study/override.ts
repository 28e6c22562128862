/**
 * A study with some of its fields replaced from outside, as text: what is measured is a study file like any other, kept
 * with the run. Pure; problems of the text are left to the parser, which reports them with their places.
 */
import { type Document, isMap, isScalar, isSeq, parseDocument, type YAMLMap } from 'yaml';

/** A model as a study file names it. */
export type ModelEntry = { readonly preset: string } | { readonly path: string } | { readonly hub: string };

export interface StudyOverrides {
  readonly name?: string | undefined;
  /** Takes the place of all models of the study; claims that name one of them are left out. */
  readonly model?: ModelEntry | undefined;
  /** Takes the place of the axis, e.g. `cuda:0`; claims that name cells of other devices alone are left out. */
  readonly device?: string | undefined;
  /** Path of the text that prompts are cut from. */
  readonly promptText?: string | undefined;
}

/** `text` with the fields replaced; unchanged where it isn't a YAML mapping or nothing is replaced. */
export function overrideStudy(text: string, overrides: StudyOverrides): string {
  const { name, model, device, promptText } = overrides;
  if (Object.values(overrides).every((value) => value === undefined)) return text;
  const document = parseDocument(text);
  if (document.errors.length > 0 || !isMap(document.contents)) return text;
  if (name !== undefined) document.set('name', name);
  if (model !== undefined) {
    document.set('models', document.createNode([model]));
    forgetModels(document);
  }
  if (promptText !== undefined) document.set('text', promptText);
  if (device !== undefined) {
    if (isMap(document.get('defaults', true))) document.deleteIn(['defaults', 'device']);
    if (isMap(document.get('axes', true))) document.setIn(['axes', 'device'], device);
    else document.set('axes', document.createNode({ device }));
    for (const experiment of mapsIn(document.get('experiments', true))) {
      if (experiment.hasIn(['axes', 'device'])) experiment.setIn(['axes', 'device'], device);
    }
    keepItems(document.get('claims', true), (claim) =>
      claim.items.every(({ value }) => !isMap(value) || hasDevice(value, device)),
    );
  }
  return document.toString();
}

/** Takes out what names the models that were replaced: choices of experiments, patterns, and claims about them. */
function forgetModels(document: Document): void {
  for (const experiment of mapsIn(document.get('experiments', true))) {
    experiment.delete('models');
    keepItems(experiment.get('excludes', true), (pattern) => !pattern.has('model'));
    keepItems(experiment.get('ladder', true), (step) => !step.has('model'));
  }
  keepItems(document.get('excludes', true), (pattern) => !pattern.has('model'));
  for (const pattern of mapsIn(document.get('priority', true))) pattern.delete('model');
  keepItems(document.get('claims', true), (claim) =>
    claim.items.every(({ value }) => !(isMap(value) && value.has('model'))),
  );
}

/** Whether cells of `device` can be among those of the pattern. */
function hasDevice(pattern: YAMLMap, device: string): boolean {
  const named = pattern.get('device', true);
  if (named === undefined) return true;
  return isSeq(named)
    ? named.items.some((one) => isScalar(one) && one.value === device)
    : isScalar(named) && named.value === device;
}

const mapsIn = (node: unknown): YAMLMap[] => (isSeq(node) ? node.items.filter((item) => isMap(item)) : []);

function keepItems(node: unknown, keep: (item: YAMLMap) => boolean): void {
  if (isSeq(node)) node.items = node.items.filter((item) => !isMap(item) || keep(item));
}

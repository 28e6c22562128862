/**
 * A study with some of its fields replaced from outside, as text: what is measured is a study file like any other, kept
 * with the run. Pure; problems of the text are left to the parser, which reports them with their places.
 */
import { isMap, parseDocument } from 'yaml';

/** A model as a study file names it. */
export type ModelEntry = { readonly preset: string } | { readonly path: string };

export interface StudyOverrides {
  readonly name?: string | undefined;
  /** Takes the place of all models of the study. */
  readonly model?: ModelEntry | undefined;
  /** Takes the place of the axis, e.g. `cuda:0`. */
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
  if (model !== undefined) document.set('models', document.createNode([model]));
  if (promptText !== undefined) document.set('text', promptText);
  if (device !== undefined) {
    if (isMap(document.get('defaults', true))) document.deleteIn(['defaults', 'device']);
    if (isMap(document.get('axes', true))) document.setIn(['axes', 'device'], device);
    else document.set('axes', document.createNode({ device }));
  }
  return document.toString();
}

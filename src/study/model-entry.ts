/** A model of a study as its file writes it: for texts of studies that are made from others. */
import type { StudyModel } from './study.ts';

/** Everything that makes the model what it is, and its name. */
export function modelEntry(model: StudyModel): Readonly<Record<string, string | number>> {
  if (model.kind === 'path') return { path: model.path, name: model.name };
  if (model.kind === 'hub') return { hub: model.hub, name: model.name };
  const { preset, name, seed, dtype, layers } = model;
  return { preset, name, seed, dtype, ...(layers === undefined ? {} : { layers }) };
}

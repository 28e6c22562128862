/**
 * The study that measures one cell of another study and nothing else, as text: the same models, seed and policies, one
 * value on every axis, no budget. Pure.
 */
import { isMap, parseDocument } from 'yaml';
import type { Cell } from '../axes/cell.ts';
import { AXIS_KEYS, valueOnAxis } from '../axes/registry.ts';
import { modelEntry } from './model-entry.ts';
import type { Study } from './study.ts';

/** Fields of a study that decide which cells there are, or how many of them fit a time. */
const REPLACED = [
  'axes',
  'defaults',
  'tests',
  'excludes',
  'priority',
  'budget',
  'claims',
  'experiments',
] as const;

/**
 * The text of a study whose only cell is `cell` (the same cell key).
 * @param text the study that the cell is of; `study` is its parse
 * @param label the engine's name in that study
 */
export function oneCellStudy(text: string, study: Study, cell: Cell, label: string): string {
  const document = parseDocument(text);
  if (document.errors.length > 0 || !isMap(document.contents)) return text;
  const model = study.models.find(({ name }) => name === cell.model);
  for (const field of REPLACED) document.delete(field);
  document.commentBefore = ` One cell of the study ${study.name}.`;
  document.set('name', `${study.name}-one-cell`.slice(0, 100));
  document.set('models', document.createNode([model === undefined ? {} : modelEntry(model)]));
  const id = cell.engineVersion === undefined ? cell.engine : `${cell.engine}@${cell.engineVersion}`;
  document.set(
    'engines',
    document.createNode([
      { id, ...(label === id ? {} : { label }), precisions: [cell.precision], options: cell.options },
    ]),
  );
  const axes = AXIS_KEYS.filter((key) => key !== 'precision').map(
    (key) => [key, valueOnAxis(cell, key)] as const,
  );
  document.set('axes', document.createNode(Object.fromEntries(axes)));
  return document.toString();
}

/**
 * Which cells of a run one side of a comparison means: `engine=onnxruntime,batch=1`. Keys are the words of a study file
 * (`model`, `engine`, `precision`, `batch`, ...), an option of an engine, `version`, or `cell` with the beginning of a
 * cell key. A key that is given twice takes either value.
 */

import type { Cell } from '../axes/cell.ts';
import { AXIS_KEYS, axisOf, valueOnAxis } from '../axes/registry.ts';
import type { Problem } from '../kernel/errors.ts';
import type { ReportCell } from '../report/input.ts';

export interface Selection {
  /** As the user wrote it; empty = every cell. */
  readonly text: string;
  /** Wanted values by key. */
  readonly wanted: ReadonlyMap<string, readonly string[]>;
}

/** Every cell. */
export const EVERYTHING: Selection = { text: '', wanted: new Map() };

export type ParsedSelection =
  | { readonly kind: 'selection'; readonly selection: Selection }
  | { readonly kind: 'problems'; readonly problems: readonly Problem[] };

/** Parses `text`; `option` (`--a`) is the path of its problems. */
export function parseSelection(text: string, option: string): ParsedSelection {
  const wanted = new Map<string, string[]>();
  const problems: Problem[] = [];
  for (const part of text.split(',')) {
    const [key = '', ...rest] = part.split('=');
    const value = rest.join('=').trim();
    if (key.trim() === '' || value === '') {
      problems.push({
        path: option,
        message: { en: 'is not a selection', ja: '選択ではありません' },
        value: part,
        allowed: {
          en: 'key=value, several with commas: engine=onnxruntime,batch=1',
          ja: 'key=value、複数はコンマ区切り: engine=onnxruntime,batch=1',
        },
      });
    } else wanted.set(key.trim(), [...(wanted.get(key.trim()) ?? []), value]);
  }
  return problems.length > 0
    ? { kind: 'problems', problems }
    : { kind: 'selection', selection: { text, wanted } };
}

/** The version of a cell whose study names none: whatever comes first. */
const DEFAULT_VERSION = 'default';

/** What `cell` answers to under `key`; empty where it has no such property. */
export function valuesOf({ cell, cellKey, engineLabel }: ReportCell, key: string): readonly string[] {
  switch (key) {
    case 'cell':
      return [cellKey];
    case 'model':
      return [cell.model];
    case 'engine':
      return [...new Set([cell.engine, engineLabel])];
    case 'version':
      return [cell.engineVersion ?? DEFAULT_VERSION];
    default: {
      const axis = AXIS_KEYS.find((candidate) => candidate === key);
      const value = axis === undefined ? cell.options[key] : valueOnAxis(cell, axis);
      return value === undefined ? [] : [String(value)];
    }
  }
}

/** Whether `cell` has, for each key, one of the values. */
export function selects({ wanted }: Selection, cell: ReportCell): boolean {
  return [...wanted].every(([key, values]) =>
    valuesOf(cell, key).some((own) =>
      values.some((value) => (key === 'cell' ? own.startsWith(value) : own === value)),
    ),
  );
}

/** Every key that the cells answer to, for "did you mean". */
export function keysOf(cells: readonly ReportCell[]): string[] {
  const options = cells.flatMap(({ cell }) => Object.keys(cell.options));
  return [...new Set(['cell', 'model', 'engine', 'version', ...AXIS_KEYS, ...options])];
}

/** What a comparison by `keys` lets differ: the rest of the cell, which both sides of a pair must share. */
export function sharedPart(cell: Cell, keys: ReadonlySet<string>): unknown {
  if (keys.has('cell')) return {};
  const rest: Record<string, unknown> = { ...cell };
  const options: Record<string, unknown> = { ...cell.options };
  // With static batching there is a slot for each sequence: slots follow the batch.
  if (cell.batching === 'static' || keys.has('batching')) delete rest['slots'];
  // A greedy cell has none of the other settings of sampling.
  if (keys.has('temperature')) for (const field of ['topK', 'topP', 'samplingSeed']) delete rest[field];
  for (const key of keys) {
    const axis = AXIS_KEYS.find((candidate) => candidate === key);
    if (axis !== undefined) delete rest[axisOf(axis).field];
    else if (key === 'version') delete rest['engineVersion'];
    else if (key === 'model') for (const field of ['model', 'modelHash']) delete rest[field];
    else if (key === 'engine') for (const field of ['engine', 'engineVersion', 'options']) delete rest[field];
    else delete options[key];
  }
  return 'options' in rest ? { ...rest, options } : rest;
}

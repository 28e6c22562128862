/** From the text of a file to what it states, by a format that is named or recognised. */
import type { Problem } from '../kernel/errors.ts';
import { once, same, type Words } from '../kernel/language.ts';
import { missing, presentValue } from '../kernel/maybe.ts';
import { openDocument } from './document.ts';
import type { ImportedFile, ImportedRow, ImportedValue } from './imported.ts';
import { IMPORTERS } from './registry.ts';

export type Imported =
  | { readonly kind: 'imported'; readonly imported: ImportedFile }
  | { readonly kind: 'problems'; readonly problems: readonly Problem[] };

/** `file`: the name to show; `format`: an importer's id, or `auto`. Never throws; every problem of the file at once. */
export function importText(text: string, file: string, format: string): Imported {
  const opened = openDocument(text);
  if (opened.kind === 'problems') return opened;
  const importer =
    format === 'auto'
      ? IMPORTERS.find((one) => one.recognises(opened.document))
      : IMPORTERS.find(({ id }) => id === format);
  if (importer === undefined) {
    const known = IMPORTERS.map(({ id, summary }) => `${id} (${summary})`).join('; ');
    return {
      kind: 'problems',
      problems: [{ path: '', message: UNKNOWN_FORMAT, allowed: same(known) }],
    };
  }
  const read = importer.read(opened.document);
  if (read.kind === 'problems') return read;
  if (read.rows.length === 0 || read.rows.every(({ values }) => values.length === 0)) {
    return {
      kind: 'problems',
      problems: [
        {
          path: '',
          message: {
            en: `a file of ${importer.peer} without any value`,
            ja: `${importer.peer} のファイルですが、値が 1 つもありません`,
          },
        },
      ],
    };
  }
  const { id, peer } = importer;
  const rows = read.rows.map((row) => ({ ...row, values: row.values.map(withinBounds) }));
  const notes = once([...read.notes, ...rows.flatMap(contradictions)]);
  return { kind: 'imported', imported: { file, format: id, peer, rows, notes } };
}

const BEYOND_BOUNDS: Words = {
  en: 'beyond what a number can hold, or computed from such',
  ja: '数で表せる範囲を超えるか、そのような値から計算されています',
};

/** Numbers that a file may hold can leave the range of numbers when they are scaled, added or divided. */
function withinBounds(value: ImportedValue): ImportedValue {
  const number = presentValue(value.value);
  return number === undefined || Number.isFinite(number)
    ? value
    : { ...value, value: missing(BEYOND_BOUNDS) };
}

const UNKNOWN_FORMAT: Words = { en: 'of no format that is known here', ja: 'ここでは未知の形式です' };

/** Statistics are rounded when they are written; beyond this share they say something else than the samples. */
const ROUNDING = 0.01;

/** Where a stated number is the same by definition as ours, and the file's own samples give another. */
function contradictions({ test, values }: ImportedRow): Words[] {
  const own = new Map(values.flatMap((value) => (value.from === 'samples' ? [[value.name, value]] : [])));
  return values.flatMap((stated) => {
    const found = stated.relation.kind === 'same' ? own.get(stated.relation.own) : undefined;
    const [theirs, ours] = [
      presentValue(stated.value),
      found === undefined ? undefined : presentValue(found.value),
    ];
    if (theirs === undefined || ours === undefined || stated.from === 'samples') return [];
    if (Math.abs(theirs - ours) <= ROUNDING * Math.abs(ours)) return [];
    const shown = (value: number): string => String(Number((value * stated.shown.scale).toPrecision(6)));
    const place = test === '' ? '' : `${test}: `;
    const figure = `${stated.name} = ${shown(theirs)} ${stated.shown.unit}`;
    return [
      {
        en: `${place}it states ${figure}, its samples give ${shown(ours)}`,
        ja: `${place}記載は ${figure} ですが、サンプルからは ${shown(ours)} です`,
      },
    ];
  });
}

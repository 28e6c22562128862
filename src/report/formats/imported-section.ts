/** Imported rows as text: cells of the main table, and below it what the table has no column for. */
import type { Conditions } from '../../importers/imported.ts';
import type { ImportedEntry, ImportedTableRow } from '../imported.ts';
import type { MetricColumn, Report } from '../model.ts';
import { formatEstimate, type formatValue } from '../numbers.ts';

const NOT_STATED = '–';

/** The imported rows that have a value in some column of the table; the others are listed below it only. */
export const tableRows = ({ imported, table }: Report): readonly ImportedTableRow[] =>
  (imported?.rows ?? []).filter(({ values }) =>
    table.metrics.some(({ id, shown }) => shown && values[id]?.kind === 'value'),
  );

/** Text of an imported row in the label column `id`. */
export const importedLabel = (row: ImportedTableRow, id: string): string => row.labels[id] ?? NOT_STATED;

/** Text of an imported row in the column of our metric. */
export const importedValue = (
  row: ImportedTableRow,
  column: MetricColumn,
  value: typeof formatValue,
): string => value(row.values[column.id], column);

/** How imported rows are to be read, one paragraph. */
export const IMPORTED_READING =
  'Rows marked as imported are results of other benchmarks from their files, not measured here. Columns have their values only where the definition is ours; the others are listed under their own names. A dash in a column of conditions means that the file does not state it.';

export interface ImportedItem {
  readonly text: string;
  /** What belongs to it, one line each. */
  readonly inner: readonly string[];
}

/** Per imported row its conditions, and inside what differs from ours; then the notes. */
export function importedItems({ imported }: Report): ImportedItem[] {
  if (imported === undefined) return [];
  return [
    ...imported.rows.map(rowItem),
    ...imported.notes.map(({ file, text }) => ({ text: `${file}: ${text}`, inner: [] })),
  ];
}

function rowItem(row: ImportedTableRow): ImportedItem {
  const conditions = conditionTexts(row.conditions);
  return {
    text: `${row.label} (${row.files.join(', ')}): ${conditions.length === 0 ? 'conditions not stated' : conditions.join(', ')}`,
    inner: row.all.filter(({ relation }) => relation !== 'same').map(entryText),
  };
}

/** `mean_itl_ms 40.00 ms (no interval: single run), against our ITL, median: mean of the gaps instead of their median` */
function entryText({ name, estimate, shown, own, difference }: ImportedEntry): string {
  const value =
    estimate.kind === 'value'
      ? formatEstimate(estimate.value, shown.scale, shown.digits).replace(/^\S+/, `$& ${shown.unit}`)
      : `missing (${estimate.reason})`;
  return `${name} ${value}, ${own === undefined ? 'not one of ours' : `against our ${own.title}`}: ${difference}`;
}

/** What is stated, in words, in a fixed order. */
export function conditionTexts(conditions: Conditions): string[] {
  const known = KNOWN.flatMap(([key, title]) =>
    conditions[key] === undefined ? [] : [`${title} ${conditions[key]}`],
  );
  return [...known, ...Object.entries(conditions.other).map(([name, value]) => `${name} ${value}`)];
}

const KNOWN = [
  ['model', 'model'],
  ['engine', 'engine'],
  ['precision', 'precision'],
  ['device', 'device'],
  ['threads', 'threads'],
  ['batch', 'batch'],
  ['inputTokens', 'tokens in'],
  ['outputTokens', 'tokens out'],
  ['depthTokens', 'depth'],
] as const;

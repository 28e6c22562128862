/** Imported rows as text: cells of the main table, and below it what the table has no column for. */

import type { Conditions } from '../../importers/imported.ts';
import { type Say, same, type Words } from '../../kernel/language.ts';
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
export const importedLabel = (row: ImportedTableRow, id: string, say: Say): string =>
  say(row.labels[id] ?? same(NOT_STATED));

/** Text of an imported row in the column of our metric. */
export const importedValue = (
  row: ImportedTableRow,
  column: MetricColumn,
  value: typeof formatValue,
  say: Say,
): string => value(row.values[column.id], column, say);

/** How imported rows are to be read, one paragraph. */
export const IMPORTED_READING: Words = {
  en: 'Rows marked as imported are results of other benchmarks from their files, not measured here. Columns have their values only where the definition is ours; the others are listed under their own names. A dash in a column of conditions means that the file does not state it.',
  ja: '「取り込み」の行は他のベンチマークの結果ファイルによるもので、ここでの測定ではありません。列に値があるのは定義が Hayasa と同じ場合だけで、他の値は元の名前で下に挙げます。条件の列の「–」は、ファイルに記載がないことを示します。',
};

export interface ImportedItem {
  readonly text: string;
  /** What belongs to it, one line each. */
  readonly inner: readonly string[];
}

/** Per imported row its conditions, and inside what differs from ours; then the notes. */
export function importedItems({ imported }: Report, say: Say): ImportedItem[] {
  if (imported === undefined) return [];
  return [
    ...imported.rows.map((row) => rowItem(row, say)),
    ...imported.notes.map(({ file, text }) => ({ text: `${file}: ${say(text)}`, inner: [] })),
  ];
}

function rowItem(row: ImportedTableRow, say: Say): ImportedItem {
  const conditions = conditionTexts(row.conditions, say);
  return {
    text: `${row.label} (${row.files.join(', ')}): ${conditions.length === 0 ? say({ en: 'conditions not stated', ja: '条件の記載なし' }) : conditions.join(', ')}`,
    inner: row.all.filter(({ relation }) => relation !== 'same').map((entry) => entryText(entry, say)),
  };
}

/** `mean_itl_ms 40.00 ms (no interval: single run), against our ITL, median: mean of the gaps instead of their median` */
function entryText({ name, estimate, shown, own, difference }: ImportedEntry, say: Say): string {
  const value =
    estimate.kind === 'value'
      ? formatEstimate(estimate.value, shown.scale, shown.digits, say).replace(/^\S+/, `$& ${shown.unit}`)
      : say({ en: `missing (${estimate.reason.en})`, ja: `値なし（${estimate.reason.ja}）` });
  const against =
    own === undefined
      ? { en: 'not one of ours', ja: 'Hayasa にはない指標' }
      : { en: `against our ${own.title.en}`, ja: `Hayasa の ${own.title.ja} との違い` };
  return `${name} ${value}, ${say(against)}: ${say(difference)}`;
}

/** What is stated, in words, in a fixed order. */
export function conditionTexts(conditions: Conditions, say: Say): string[] {
  const known = KNOWN.flatMap(([key, title]) =>
    conditions[key] === undefined ? [] : [`${say(title)} ${conditions[key]}`],
  );
  return [...known, ...Object.entries(conditions.other).map(([name, value]) => `${name} ${value}`)];
}

const KNOWN = [
  ['model', { en: 'model', ja: 'モデル' }],
  ['engine', { en: 'engine', ja: 'エンジン' }],
  ['precision', { en: 'precision', ja: '精度' }],
  ['device', { en: 'device', ja: 'デバイス' }],
  ['threads', { en: 'threads', ja: 'スレッド' }],
  ['batch', { en: 'batch', ja: 'バッチ' }],
  ['inputTokens', { en: 'tokens in', ja: '入力トークン' }],
  ['outputTokens', { en: 'tokens out', ja: '出力トークン' }],
  ['depthTokens', { en: 'depth', ja: '深さ' }],
] as const;

/** Lines that the Markdown and the terminal format share: the same words, in the same order. */

import { type Say, same, type Words } from '../../kernel/language.ts';
import { causeWords } from '../../protocol/failure.ts';
import { agreementText } from '../agreement.ts';
import type { Caveat, FailureGroup, NamedReason, Report } from '../model.ts';
import { counted, formatNumber, type formatValue } from '../numbers.ts';
import { importedLabel, importedValue, tableRows } from './imported-section.ts';
import { qualityColumns } from './quality-columns.ts';
import type { TextColumn, TextTable } from './text-table.ts';

export interface TableLayout {
  readonly value: typeof formatValue;
  /** `name`: w8; `kind`: w8 (int8 weights, ...). The legend below explains names. */
  readonly precision: 'name' | 'kind';
}

/** Labels, shown metrics with units, agreement, launches; imported rows, where there are, last. */
export function mainTable(report: Report, layout: TableLayout, say: Say): TextTable {
  const { table } = report;
  const { rows } = table;
  const imported = tableRows(report);
  return {
    rowCount: rows.length + imported.length,
    columns: [
      ...labelColumns(report, layout, say).map((column, i) => ({
        ...column,
        texts: [
          ...column.texts,
          ...imported.map((row) => importedLabel(row, table.labels[i]?.id ?? '', say)),
        ],
      })),
      ...table.metrics
        .filter(({ shown }) => shown)
        .map((metric) => ({
          title: `${say(metric.title)} (${metric.shownUnit})`,
          numeric: true,
          label: false,
          texts: [
            ...rows.map((row) => layout.value(row.values[metric.id], metric, say)),
            ...imported.map((row) => importedValue(row, metric, layout.value, say)),
          ],
        })),
      {
        title: say(AGREEMENT),
        numeric: false,
        label: false,
        texts: [
          ...rows.map((row) => say(agreementText(row.agreement))),
          ...imported.map(() => say({ en: 'imported', ja: '取り込み' })),
        ],
      },
      ...qualityColumns(report, imported.length, say),
      {
        title: say({ en: 'launches', ja: '起動' }),
        numeric: true,
        label: false,
        texts: [
          ...rows.map((row) => String(row.launches)),
          ...imported.map(({ files }) => say({ en: counted(files.length, 'run'), ja: `${files.length} 回` })),
        ],
      },
    ],
  };
}

/** Title of the column of `agreementText`. */
export const AGREEMENT: Words = { en: 'agreement with fp32', ja: 'fp32 との一致' };

/** The columns that say which cell a row is. */
export function labelColumns({ table }: Report, layout: TableLayout, say: Say): TextColumn[] {
  return table.labels.map(({ id, title, numeric }) => ({
    title: say(title),
    numeric,
    label: true,
    texts: table.rows.map((row) =>
      id === 'precision' && layout.precision === 'name'
        ? row.cell.precision
        : say(row.labels[id] ?? same('')),
    ),
  }));
}

/** What all measured rows share: `All rows: device cpu, threads 2.`; empty where they share nothing. */
export function commonLine({ table, imported }: Report, say: Say): string {
  if (table.common.length === 0) return '';
  const facts = table.common.map(({ name, value }) => `${say(name)} ${value}`);
  return say({
    en: `All ${imported === undefined ? '' : 'measured '}rows: ${facts.join(', ')}.`,
    ja: `${imported === undefined ? '全' : '測定した全'}行に共通: ${facts.join('、')}。`,
  });
}

/** `llama-cpp w8 = q8_0: int8 weights, ... (note)`. */
export const precisionLines = ({ table }: Report, say: Say): string[] =>
  table.precisions.map(({ engine, precision, kind, ownName, note }) => {
    const own = ownName === precision || ownName === '' ? '' : ` = ${ownName}`;
    const more = note.en === '' ? '' : say({ en: ` (${note.en})`, ja: `（${note.ja}）` });
    return `${engine} ${precision}${own}: ${say(kind)}${more}`;
  });

/** How the values are to be read. */
export const READING: Words = {
  en: '95 % intervals over launch means; a launch is one process with one loaded model. A dash is a value that does not exist; JSON and CSV say why.',
  ja: '区間は起動ごとの平均に対する 95 % 信頼区間。起動とは、モデルを 1 回ロードした 1 プロセスです。「–」は値がないことを示し、理由は JSON と CSV にあります。',
};

/** By which rules the intervals of the table were made; undefined where it has none. */
export function rulesLine({ table }: Report, say: Say): string | undefined {
  const shown = table.metrics.filter((metric) => metric.shown);
  const rules = table.rows.flatMap(({ values }) =>
    shown.flatMap(({ id }) => {
      const value = values[id];
      return value?.kind === 'value' && value.value.interval.kind === 'value' ? [say(value.value.rule)] : [];
    }),
  );
  const distinct = [...new Set(rules)];
  return distinct.length === 0
    ? undefined
    : say({
        en: `Intervals by: ${distinct.join('; ')}.`,
        ja: `区間の求め方: ${distinct.join('; ')}。`,
      });
}

/** The one line of a failure; its stderr stands below. */
export function failureLine({ cause, message, hint, cells, count }: FailureGroup, say: Say): string {
  const way = hint === undefined ? '' : say({ en: ` (${hint.en})`, ja: `（${hint.ja}）` });
  const times = say({ en: `, ${counted(count, 'time')}`, ja: `、${formatNumber(count, 0)} 回` });
  return `${say(causeWords(cause))}${times}: ${say(message)}${way}: ${cells.join('; ')}`;
}

/** `reason: cells`, or the first `most` of them and how many more there are. */
export const reasonLine =
  (say: Say, most: number = Number.POSITIVE_INFINITY) =>
  ({ reason, cells }: NamedReason): string => {
    const shown = cells.slice(0, most).join('; ');
    const more = cells.length - most;
    const rest = more > 0 ? say({ en: ` and ${more} more`, ja: `、他 ${more} 件` }) : '';
    return `${say(reason)}: ${shown}${rest}`;
  };

/** Cells that a screen names with a reason; studies may have hundreds, and report.md has them all. */
export const REASON_CELLS = 6;

/** Titles that Markdown and the screen share. */
export const TITLES = {
  caveats: { en: 'Caveats', ja: '注意事項' },
  failures: { en: 'Failures', ja: '失敗' },
  dropped: { en: 'Dropped', ja: '省略' },
  skipped: { en: 'Skipped', ja: '除外' },
  imported: { en: 'Imported', ja: '取り込んだ結果' },
} as const satisfies Readonly<Record<string, Words>>;

/** Before a caveat that is more than a note. */
export const SEVERITIES: Readonly<Record<Exclude<Caveat['severity'], 'note'>, Words>> = {
  invalid: { en: 'invalid', ja: '無効' },
  warning: { en: 'warning', ja: '警告' },
};

/** `warning: text`; a note is its text alone. */
export const caveatLine = ({ severity, text }: Caveat, say: Say): string =>
  severity === 'note' ? say(text) : `${say(SEVERITIES[severity])}: ${say(text)}`;

/** Lines that the Markdown and the terminal format share: the same words, in the same order. */
import { agreementText } from '../agreement.ts';
import type { FailureGroup, NamedReason, Report } from '../model.ts';
import { counted, type formatValue } from '../numbers.ts';
import { importedLabel, importedValue, tableRows } from './imported-section.ts';
import { qualityColumns } from './quality-columns.ts';
import type { TextColumn, TextTable } from './text-table.ts';

export interface TableLayout {
  readonly value: typeof formatValue;
  /** `name`: w8; `kind`: w8 (int8 weights, ...). The legend below explains names. */
  readonly precision: 'name' | 'kind';
}

/** Labels, shown metrics with units, agreement, launches; imported rows, where there are, last. */
export function mainTable(report: Report, layout: TableLayout): TextTable {
  const { table } = report;
  const { rows } = table;
  const imported = tableRows(report);
  return {
    rowCount: rows.length + imported.length,
    columns: [
      ...labelColumns(report, layout).map((column, i) => ({
        ...column,
        texts: [...column.texts, ...imported.map((row) => importedLabel(row, table.labels[i]?.id ?? ''))],
      })),
      ...table.metrics
        .filter(({ shown }) => shown)
        .map((metric) => ({
          title: `${metric.title} (${metric.shownUnit})`,
          numeric: true,
          label: false,
          texts: [
            ...rows.map((row) => layout.value(row.values[metric.id], metric)),
            ...imported.map((row) => importedValue(row, metric, layout.value)),
          ],
        })),
      {
        title: 'agreement with fp32',
        numeric: false,
        label: false,
        texts: [...rows.map((row) => agreementText(row.agreement)), ...imported.map(() => 'imported')],
      },
      ...qualityColumns(report, imported.length),
      {
        title: 'launches',
        numeric: true,
        label: false,
        texts: [
          ...rows.map((row) => String(row.launches)),
          ...imported.map(({ files }) => counted(files.length, 'run')),
        ],
      },
    ],
  };
}

/** The columns that say which cell a row is. */
export function labelColumns({ table }: Report, layout: TableLayout): TextColumn[] {
  return table.labels.map(({ id, title, numeric }) => ({
    title,
    numeric,
    label: true,
    texts: table.rows.map((row) =>
      id === 'precision' && layout.precision === 'name' ? row.cell.precision : (row.labels[id] ?? ''),
    ),
  }));
}

/** What all measured rows share: `All rows: device cpu, threads 2.`; empty where they share nothing. */
export function commonLine({ table, imported }: Report): string {
  if (table.common.length === 0) return '';
  const facts = table.common.map(({ name, value }) => `${name} ${value}`).join(', ');
  return `All ${imported === undefined ? '' : 'measured '}rows: ${facts}.`;
}

/** `llama-cpp w8 = q8_0: int8 weights, ... (note)`. */
export const precisionLines = ({ table }: Report): string[] =>
  table.precisions.map(({ engine, precision, kind, ownName, note }) => {
    const own = ownName === precision || ownName === '' ? '' : ` = ${ownName}`;
    return `${engine} ${precision}${own}: ${kind}${note === '' ? '' : ` (${note})`}`;
  });

/** How the values are to be read. */
export const READING =
  '95 % intervals over launch means; a launch is one process with one loaded model. A dash is a value that does not exist; JSON and CSV say why.';

/** By which rules the intervals of the table were made; undefined where it has none. */
export function rulesLine({ table }: Report): string | undefined {
  const shown = table.metrics.filter((metric) => metric.shown);
  const rules = table.rows.flatMap(({ values }) =>
    shown.flatMap(({ id }) => {
      const value = values[id];
      return value?.kind === 'value' && value.value.interval.kind === 'value' ? [value.value.rule] : [];
    }),
  );
  const distinct = [...new Set(rules)];
  return distinct.length === 0 ? undefined : `Intervals by: ${distinct.join('; ')}.`;
}

/** The one line of a failure; its stderr stands below. */
export function failureLine({ cause, message, hint, cells, count }: FailureGroup): string {
  const way = hint === undefined ? '' : ` (${hint})`;
  return `${cause}, ${counted(count, 'time')}: ${message}${way}: ${cells.join('; ')}`;
}

/** `reason: cells`. */
export const reasonLine = ({ reason, cells }: NamedReason): string => `${reason}: ${cells.join('; ')}`;

/** The dialect's section as text, for Markdown and terminal: values beside ours, and how each is computed. */
import type { DialectEntry } from '../dialect.ts';
import type { MetricColumn, Report } from '../model.ts';
import { labelColumns, type TableLayout } from './sections.ts';
import type { TextColumn, TextTable } from './text-table.ts';

/** Labels, then each of the peer's metrics with ours before the first that it is compared to. */
export function dialectTable(report: Report, layout: TableLayout): TextTable {
  const { rows, metrics } = report.table;
  const columnOf = (metricId: string): MetricColumn | undefined => metrics.find(({ id }) => id === metricId);
  const text = (column: MetricColumn, title: string): TextColumn => ({
    title: `${title} (${column.shownUnit})`,
    numeric: true,
    label: false,
    texts: rows.map((row) => layout.value(row.values[column.id], column)),
  });
  const shown = new Set<string>();
  const columns = (report.dialect?.entries ?? []).flatMap((entry): TextColumn[] => {
    const column = columnOf(entry.metricId);
    const own = entry.own === undefined ? undefined : columnOf(entry.own.metricId);
    const fresh = own !== undefined && !shown.has(own.id);
    if (own !== undefined) shown.add(own.id);
    return [
      ...(fresh ? [text(own, `ours: ${own.title}`)] : []),
      ...(column === undefined ? [] : [text(column, entry.name)]),
    ];
  });
  return { rowCount: rows.length, columns: [...labelColumns(report, layout), ...columns] };
}

/** `mean_ttft_ms = mean(first event - sent); the same number as our TTFT`. */
export const dialectLines = (report: Report): string[] => (report.dialect?.entries ?? []).map(entryLine);

function entryLine({ name, formula, relation, own, difference }: DialectEntry): string {
  const start = `${name} = ${formula}`;
  if (own === undefined) return `${start}; not one of ours: ${difference}`;
  return relation === 'same'
    ? `${start}; the same number as our ${own.title}`
    : `${start}; our ${own.title} = ${own.formula}; difference: ${difference}`;
}

/** What stands above the table. */
export const dialectIntroduction = ({ dialect }: Report): string =>
  dialect === undefined
    ? ''
    : `A launch is taken as one run of ${dialect.peer}: its repeats are pooled, pauses between them count in no window. ${dialect.statistics} Definitions: ${dialect.source}.`;

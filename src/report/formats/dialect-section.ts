/** The dialect's section as text, for Markdown and terminal: values beside ours, and how each is computed. */
import type { Say, Words } from '../../kernel/language.ts';
import type { DialectEntry, DialectSection } from '../dialect.ts';
import type { MetricColumn, Report } from '../model.ts';
import { labelColumns, type TableLayout } from './sections.ts';
import type { TextColumn, TextTable } from './text-table.ts';

/** Labels, then each of the peer's metrics with ours before the first that it is compared to. */
export function dialectTable(report: Report, layout: TableLayout, say: Say): TextTable {
  const { rows, metrics } = report.table;
  const columnOf = (metricId: string): MetricColumn | undefined => metrics.find(({ id }) => id === metricId);
  const text = (column: MetricColumn, title: string): TextColumn => ({
    title: `${title} (${column.shownUnit})`,
    numeric: true,
    label: false,
    texts: rows.map((row) => layout.value(row.values[column.id], column, say)),
  });
  const shown = new Set<string>();
  const columns = (report.dialect?.entries ?? []).flatMap((entry): TextColumn[] => {
    const column = columnOf(entry.metricId);
    const own = entry.own === undefined ? undefined : columnOf(entry.own.metricId);
    const fresh = own !== undefined && !shown.has(own.id);
    if (own !== undefined) shown.add(own.id);
    return [
      ...(fresh ? [text(own, say({ en: `ours: ${own.title.en}`, ja: `Hayasa: ${own.title.ja}` }))] : []),
      ...(column === undefined ? [] : [text(column, entry.name)]),
    ];
  });
  return { rowCount: rows.length, columns: [...labelColumns(report, layout, say), ...columns] };
}

/** `mean_ttft_ms = mean(first event - sent); the same number as our TTFT`. */
export const dialectLines = (report: Report, say: Say): string[] =>
  (report.dialect?.entries ?? []).map((entry) => say(entryLine(entry)));

function entryLine({ name, formula, relation, own, difference }: DialectEntry): Words {
  const start = `${name} = ${formula}`;
  if (own === undefined) {
    return {
      en: `${start}; not one of ours: ${difference.en}`,
      ja: `${start}。Hayasa にはない指標: ${difference.ja}`,
    };
  }
  return relation === 'same'
    ? {
        en: `${start}; the same number as our ${own.title.en}`,
        ja: `${start}。Hayasa の ${own.title.ja} と同じ値`,
      }
    : {
        en: `${start}; our ${own.title.en} = ${own.formula}; difference: ${difference.en}`,
        ja: `${start}。Hayasa の ${own.title.ja} = ${own.formula}。違い: ${difference.ja}`,
      };
}

/** Heading of the section. */
export const dialectTitle = ({ peer }: DialectSection, say: Say): string =>
  say({ en: `In the words of ${peer}`, ja: `${peer} の定義による値` });

/** What stands above the table. */
export const dialectIntroduction = ({ dialect }: Report, say: Say): string =>
  dialect === undefined
    ? ''
    : say({
        en: `A launch is taken as one run of ${dialect.peer}: its repeats are pooled, pauses between them count in no window. ${dialect.statistics.en} Definitions: ${dialect.source}.`,
        ja: `1 起動を ${dialect.peer} の 1 回の実行とみなします: 反復をまとめ、反復の間の休止はどの時間窓にも数えません。${dialect.statistics.ja}定義: ${dialect.source}。`,
      });

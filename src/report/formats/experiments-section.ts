/**
 * The table beside each experiment's figure: a row per model and series, a column per position. A missing value has a
 * letter, explained under the table.
 */
import { markdownTable } from 'markdown-table';
import type { Say } from '../../kernel/language.ts';
import type { ExperimentCell, ExperimentSection } from '../experiments.ts';
import { formatNumber, NO_INTERVAL } from '../numbers.ts';
import { escapeText } from './markup.ts';

/** Heading, image and table of each experiment; `imageOf` names the file of its figure. */
export const experimentsMarkdown = (
  sections: readonly ExperimentSection[],
  imageOf: (id: string) => string | undefined,
  say: Say,
): string[] =>
  sections.flatMap((section) => {
    const image = imageOf(section.id);
    return [
      `## ${escapeText(section.title)}`,
      ...(image === undefined ? [] : [`![${escapeText(section.title)}](${image})`]),
      ...pivot(section, say),
    ];
  });

function pivot({ cells }: ExperimentSection, say: Say): string[] {
  if (cells.length === 0) return [];
  const positions = [...new Set(cells.map(({ position }) => position))].sort((a, b) =>
    typeof a === 'number' && typeof b === 'number' ? a - b : 0,
  );
  const rows = new Map<string, ExperimentCell[]>();
  for (const cell of cells) {
    const key = JSON.stringify([cell.model, cell.series]);
    rows.set(key, [...(rows.get(key) ?? []), cell]);
  }
  const reasons = new Map<string, string>();
  const letterOf = (reason: string): string => {
    const letter = reasons.get(reason) ?? letter26(reasons.size);
    reasons.set(reason, letter);
    return letter;
  };
  const text = (cell: ExperimentCell | undefined): string => {
    if (cell === undefined) return '';
    const { throughput } = cell;
    if (throughput.kind === 'missing') return `– (${letterOf(say(throughput.reason))})`;
    const { mean, interval } = throughput.value;
    if (interval.kind === 'missing') return `${formatNumber(mean, 1)} (${say(NO_INTERVAL)})`;
    return `${formatNumber(mean, 1)} [${formatNumber(interval.value.low, 1)}, ${formatNumber(interval.value.high, 1)}]`;
  };
  const body = [...rows.values()].map((row) => [
    row[0]?.model ?? '',
    row[0]?.series ?? '',
    ...positions.map((position) => text(row.find((cell) => cell.position === position))),
  ]);
  return [
    markdownTable(
      [
        [say({ en: 'model', ja: 'モデル' }), say({ en: 'engine', ja: 'エンジン' }), ...positions.map(String)],
        ...body,
      ].map((line) => line.map(escapeText)),
      { align: ['l', 'l', ...positions.map(() => 'r')], alignDelimiters: false },
    ),
    [
      say({
        en: 'Throughput in tokens/s with 95 % intervals.',
        ja: 'スループット（tokens/s）と 95 % 信頼区間。',
      }),
      ...[...reasons].map(([reason, letter]) => `(${letter}) ${escapeText(reason)}.`),
    ].join(' '),
  ];
}

/** a, b, ..., z, aa, ab, ... */
const letter26 = (index: number): string =>
  index < 26
    ? String.fromCharCode(97 + index)
    : `${letter26(Math.floor(index / 26) - 1)}${String.fromCharCode(97 + (index % 26))}`;

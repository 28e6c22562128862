/** The cells of a plan for people: those that run, launch by launch, and those that are left out, by their reason. */

import { totalBytes } from '../../engines/declaration.ts';
import { formatDuration } from '../../kernel/duration.ts';
import { type Say, same, type Words } from '../../kernel/language.ts';
import { type PrecisionName, precisionKind } from '../../models/precision.ts';
import { needsText } from '../../plan/needs-text.ts';
import type { Plan, PlannedCell, SkippedCell } from '../../plan/plan.ts';
import { reasonLine } from '../../report/formats/sections.ts';
import { type Labelling, labelling, type Named } from '../../report/labels.ts';
import { groupReasons } from '../../report/reasons.ts';
import { formatBytes } from './numbers.ts';
import { table } from './table.ts';

/** Columns that all cells of a launch share. */
const OF_LAUNCH: ReadonlySet<string> = new Set(['model', 'engine', 'precision']);

/** Cells that a reason is shown with. */
const SHOWN = 4;

/**
 * What varies is in the columns, as in the report's table; what does not stands above it.
 * @param stepsOf names the steps of ladders that a cell is; their column stands only where there are any
 */
export function launchTable(
  { cells: planned, launches }: Pick<Plan, 'cells' | 'launches'>,
  stepsOf: (cell: PlannedCell) => readonly string[],
  say: Say,
): string {
  const names = labelling(planned.map(named));
  const steps = new Map(planned.map((cell) => [cell.cellKey, stepsOf(cell).join('; ')]));
  const isLadder = [...steps.values()].some((text) => text !== '');
  const titles = names.columns.map(({ title, numeric }) => ({
    title: say(title),
    align: numeric ? ('right' as const) : ('left' as const),
  }));
  const textsOf = (cell: PlannedCell, isFirst: boolean): string[] => {
    const texts = names.texts(named(cell), precisionText(cell.cell.precision));
    return names.columns.map(({ id }) => (!isFirst && OF_LAUNCH.has(id) ? '' : say(texts[id] ?? same(''))));
  };
  const rows = table(
    [
      ...titles,
      ...(isLadder ? [{ title: say({ en: 'step', ja: '段' }) }] : []),
      { title: say({ en: 'memory', ja: 'メモリ' }), align: 'right' },
      { title: say({ en: 'time a round', ja: '1 ラウンドの時間' }), align: 'right' },
    ],
    launches.flatMap(({ cells }) =>
      cells.map((cell, index) => [
        ...textsOf(cell, index === 0),
        ...(isLadder ? [steps.get(cell.cellKey) ?? ''] : []),
        formatBytes(totalBytes(cell.memory)),
        formatDuration(cell.estimated_ms),
      ]),
    ),
  );
  return [commonText(names, say), rows].filter((text) => text !== '').join('\n\n');
}

/** `each cell: model tiny, device cpu, ...`, empty where everything varies. */
function commonText({ common }: Labelling, say: Say): string {
  const facts = common.map(({ name, value }) => `${say(name)} ${value}`);
  if (facts.length === 0) return '';
  return say({ en: `each cell: ${facts.join(', ')}`, ja: `どのセルも: ${facts.join('、')}` });
}

/** Groups of cells by why they do not run; of memory, what each needs. */
export function skippedSections(skipped: readonly SkippedCell[], say: Say): string[] {
  if (skipped.length === 0) return [];
  const names = labelling(skipped.map(named));
  const nameOf = (cell: SkippedCell): string =>
    `${names.brief(named(cell))}${cell.needs === undefined ? '' : ` (${say(needsText(cell.needs))})`}`;
  const groups = groupReasons(skipped.map((cell) => ({ name: nameOf(cell), reason: cell.reason })));
  const lines = groups.map((group) => `  ${reasonLine(say, SHOWN)(group)}`);
  return [
    say({
      en: `left out (${skipped.length} cells):\n${lines.join('\n')}`,
      ja: `除外（${skipped.length} セル）:\n${lines.join('\n')}`,
    }),
  ];
}

const named = ({ cell, label }: Pick<PlannedCell, 'cell' | 'label'>): Named => ({
  cell,
  engineLabel: label,
});

/** `w8 (8 bit)`; only a file itself knows the bits of `file`. */
function precisionText(name: PrecisionName): Words {
  const { weightBits } = precisionKind(name);
  return weightBits === undefined
    ? { en: `${name} (as stored)`, ja: `${name}（保存されたまま）` }
    : { en: `${name} (${weightBits} bit)`, ja: `${name}（${weightBits} ビット）` };
}

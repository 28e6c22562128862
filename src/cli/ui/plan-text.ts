/** A plan for people: launches with their cells, what is left out and why, and what it will cost. */
import { totalBytes } from '../../engines/declaration.ts';
import { type PrecisionName, precisionKind } from '../../models/precision.ts';
import type { PlannedLaunch, SkippedCell } from '../../plan/plan.ts';
import { cellLabel } from '../../run/labels.ts';
import type { PlannedStudy } from '../../run/open-run.ts';
import { stepNames } from '../../study/ladder-cells.ts';
import { formatBytes, formatDuration } from './numbers.ts';
import { definitionList, table } from './table.ts';

export function planText({ study, plan, models, environment }: PlannedStudy): string {
  const synthetic = models.filter((model) => model.origin.kind === 'synthetic').map((model) => model.name);
  const { disk } = plan;
  const sections = [
    `${study.name}: ${plan.cells.length} cells in ${plan.launches.length} launches a round, ${plan.blocks.length} blocks`,
    ...(plan.launches.length === 0
      ? []
      : [
          launchTable(plan.launches, (cell) =>
            stepNames(cell, study.experiments, environment.planMachine.logicalCpus),
          ),
        ]),
    ...skippedSections(plan.skipped),
    ...(plan.warnings.length === 0 ? [] : [plan.warnings.map((text) => `warning: ${text}`).join('\n')]),
    definitionList([
      ['one round', `about ${formatDuration(plan.round_ms)}`],
      [`${study.rounds.minimum} rounds`, `about ${formatDuration(plan.minimum_ms)}`],
      ['budget', study.budget_ms === undefined ? 'none' : formatDuration(study.budget_ms)],
      ['checkpoints to write', formatBytes(disk.checkpointBytes)],
      ['caches to write', `${formatBytes(disk.cacheBytes)} at most (copies that exist are used again)`],
      ['free disk', formatBytes(disk.freeBytes)],
      ...(synthetic.length === 0 ? [] : [['synthetic weights', synthetic.join(', ')] as const]),
    ]),
  ];
  return sections.join('\n\n');
}

/** `stepsOf` names the steps of ladders that a cell is; their column stands only where there are any. */
function launchTable(
  launches: readonly PlannedLaunch[],
  stepsOf: (cell: PlannedLaunch['cells'][number]) => readonly string[],
): string {
  const steps = new Map(
    launches.flatMap(({ cells }) => cells.map((cell) => [cell.cellKey, stepsOf(cell).join('; ')] as const)),
  );
  const isLadder = [...steps.values()].some((names) => names !== '');
  return table(
    [
      { title: 'engine' },
      { title: 'precision' },
      ...(isLadder ? [{ title: 'step' }] : []),
      { title: 'cell' },
      { title: 'memory', align: 'right' },
      { title: 'time a round', align: 'right' },
    ],
    launches.flatMap((launch) =>
      launch.cells.map((cell, index) => [
        index === 0 ? cell.label : '',
        index === 0 ? precisionText(launch.identity.precision) : '',
        ...(isLadder ? [steps.get(cell.cellKey) ?? ''] : []),
        cellLabel(cell.cell),
        formatBytes(totalBytes(cell.memory)),
        formatDuration(cell.estimated_ms),
      ]),
    ),
  );
}

/** `w8 (8 bit)`; only a file itself knows the bits of `file`. */
function precisionText(name: PrecisionName): string {
  const { weightBits } = precisionKind(name);
  return weightBits === undefined ? `${name} (as stored)` : `${name} (${weightBits} bit)`;
}

function skippedSections(skipped: readonly SkippedCell[]): string[] {
  if (skipped.length === 0) return [];
  const byReason = new Map<string, SkippedCell[]>();
  for (const cell of skipped) byReason.set(cell.reason, [...(byReason.get(cell.reason) ?? []), cell]);
  const lines = [...byReason].map(([reason, cells]) => {
    const names = cells.map(({ label, cell }) => `${label} ${cell.precision}, ${cellLabel(cell)}`);
    const shown = names.slice(0, 4).join('; ');
    return `  ${reason}: ${shown}${names.length > 4 ? ` and ${names.length - 4} more` : ''}`;
  });
  return [`left out (${skipped.length} cells):\n${lines.join('\n')}`];
}

/** Imported runs for people: a table per configuration, the conditions above it, what differs from ours beside it. */
import type { ImportedFile } from '../../importers/imported.ts';
import type { ImportedRuns, RunsValue } from '../../importers/runs.ts';
import { findMetric } from '../../metrics/registry.ts';
import { conditionTexts } from '../../report/formats/imported-section.ts';
import { formatEstimate, formatNumber } from '../../report/numbers.ts';
import { table } from '../ui/table.ts';

/** The text that `hayasa import` prints. */
export function importedText(files: readonly ImportedFile[], runs: readonly ImportedRuns[]): string {
  const notes = files.flatMap(({ file, notes }) => notes.map((note) => `- ${file}: ${note}`));
  return [...runs.map(runsText), ...(notes.length === 0 ? [] : [['Notes', ...notes].join('\n')])].join(
    '\n\n',
  );
}

function runsText(runs: ImportedRuns): string {
  const title = [runs.peer, runs.test].filter((text) => text !== '').join(', ');
  const conditions = conditionTexts(runs.conditions);
  return [
    `${title} (imported: ${runs.files.join(', ')})`,
    conditions.length === 0 ? 'conditions: not stated' : conditions.join(', '),
    table(
      [
        { title: 'its name' },
        { title: 'value', align: 'right' },
        { title: 'unit' },
        { title: 'samples', align: 'right' },
        { title: 'ours' },
        { title: 'difference' },
      ],
      runs.values.map(valueCells),
    ),
  ].join('\n');
}

function valueCells(value: RunsValue): string[] {
  const { name, from, estimate, shown, samples, relation } = value;
  const own = relation.kind === 'none' ? undefined : findMetric(relation.own)?.title;
  const computed = from === 'samples' ? 'computed from its samples' : '';
  return [
    name,
    estimate.kind === 'value'
      ? formatEstimate(estimate.value, shown.scale, shown.digits)
      : `– (${estimate.reason})`,
    shown.unit,
    samples.kind === 'value' ? formatNumber(samples.value, 0) : '–',
    own ?? '–',
    relation.kind === 'same' ? computed : relation.difference,
  ];
}

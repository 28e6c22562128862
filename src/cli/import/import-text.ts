/** Imported runs for people: a table per configuration, the conditions above it, what differs from ours beside it. */
import type { Conditions, ImportedFile } from '../../importers/imported.ts';
import type { ImportedRuns, RunsValue } from '../../importers/runs.ts';
import { findMetric } from '../../metrics/registry.ts';
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

/** What is stated, in words. */
function conditionTexts(conditions: Conditions): string[] {
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

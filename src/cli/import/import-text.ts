/** Imported runs for people: a table per configuration, the conditions above it, what differs from ours beside it. */
import type { ImportedFile } from '../../importers/imported.ts';
import type { ImportedRuns, RunsValue } from '../../importers/runs.ts';
import type { Say } from '../../kernel/language.ts';
import { findMetric } from '../../metrics/registry.ts';
import { conditionTexts } from '../../report/formats/imported-section.ts';
import { formatEstimate, formatNumber } from '../../report/numbers.ts';
import { table } from '../ui/table.ts';

/** The text that `hayasa import` prints. */
export function importedText(
  files: readonly ImportedFile[],
  runs: readonly ImportedRuns[],
  say: Say,
): string {
  const notes = files.flatMap(({ file, notes }) => notes.map((note) => `- ${file}: ${say(note)}`));
  return [
    ...runs.map((one) => runsText(one, say)),
    ...(notes.length === 0 ? [] : [[say({ en: 'Notes', ja: '注記' }), ...notes].join('\n')]),
  ].join('\n\n');
}

function runsText(runs: ImportedRuns, say: Say): string {
  const title = [runs.peer, runs.test].filter((text) => text !== '').join(', ');
  const conditions = conditionTexts(runs.conditions, say);
  return [
    say({
      en: `${title} (imported: ${runs.files.join(', ')})`,
      ja: `${title}（取り込み: ${runs.files.join('、')}）`,
    }),
    conditions.length === 0
      ? say({ en: 'conditions: not stated', ja: '条件: 記載なし' })
      : conditions.join(', '),
    table(
      [
        { title: say({ en: 'its name', ja: '元の名前' }) },
        { title: say({ en: 'value', ja: '値' }), align: 'right' },
        { title: say({ en: 'unit', ja: '単位' }) },
        { title: say({ en: 'samples', ja: 'サンプル' }), align: 'right' },
        { title: say({ en: 'ours', ja: 'Hayasa の指標' }) },
        { title: say({ en: 'difference', ja: '違い' }) },
      ],
      runs.values.map((value) => valueCells(value, say)),
    ),
  ].join('\n');
}

function valueCells(value: RunsValue, say: Say): string[] {
  const { name, from, estimate, shown, samples, relation } = value;
  const own = relation.kind === 'none' ? undefined : findMetric(relation.own)?.title;
  const computed =
    from === 'samples' ? say({ en: 'computed from its samples', ja: 'そのサンプルから計算' }) : '';
  return [
    name,
    estimate.kind === 'value'
      ? formatEstimate(estimate.value, shown.scale, shown.digits, say)
      : `– (${say(estimate.reason)})`,
    shown.unit,
    samples.kind === 'value' ? formatNumber(samples.value, 0) : '–',
    own === undefined ? '–' : say(own),
    relation.kind === 'same' ? computed : say(relation.difference),
  ];
}

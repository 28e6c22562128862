/** A plan for people: launches with their cells, what is left out and why, and what it will cost. */

import { formatDuration } from '../../kernel/duration.ts';
import type { Say } from '../../kernel/language.ts';
import type { CopyPlan } from '../../plan/copies.ts';
import { experimentTimes } from '../../plan/experiment-time.ts';
import type { PlannedStudy } from '../../run/open-run.ts';
import { stepNames } from '../../study/ladder-cells.ts';
import { formatBytes } from './numbers.ts';
import { launchTable, skippedSections } from './plan-cells.ts';
import { definitionList, table } from './table.ts';

export function planText({ study, plan, models, environment }: PlannedStudy, say: Say): string {
  const synthetic = models.filter((model) => model.origin.kind === 'synthetic').map((model) => model.name);
  const { disk } = plan;
  const sections = [
    say({
      en: `${study.name}: ${plan.cells.length} cells in ${plan.launches.length} launches a round, ${plan.blocks.length} blocks`,
      ja: `${study.name}: ${plan.cells.length} セル、1 ラウンド ${plan.launches.length} 起動、${plan.blocks.length} ブロック`,
    }),
    ...(plan.launches.length === 0
      ? []
      : [
          launchTable(
            plan,
            (cell) => stepNames(cell, study.experiments, environment.planMachine.logicalCpus),
            say,
          ),
        ]),
    ...skippedSections(plan.skipped, say),
    ...(plan.warnings.length === 0
      ? []
      : [plan.warnings.map(({ en, ja }) => say({ en: `warning: ${en}`, ja: `警告: ${ja}` })).join('\n')]),
    ...experimentSection(study, plan, say),
    definitionList([
      [
        say({ en: 'one round', ja: '1 ラウンド' }),
        say({ en: `about ${formatDuration(plan.round_ms)}`, ja: `約 ${formatDuration(plan.round_ms)}` }),
      ],
      [
        say({ en: `${study.rounds.minimum} rounds`, ja: `${study.rounds.minimum} ラウンド` }),
        say({ en: `about ${formatDuration(plan.minimum_ms)}`, ja: `約 ${formatDuration(plan.minimum_ms)}` }),
      ],
      [
        say({ en: 'budget', ja: '予算' }),
        study.budget_ms === undefined ? say({ en: 'none', ja: 'なし' }) : formatDuration(study.budget_ms),
      ],
      [
        say({ en: 'checkpoints to write', ja: '書き出すチェックポイント' }),
        formatBytes(disk.checkpointBytes),
      ],
      [
        say({ en: 'caches to write', ja: '書き出すキャッシュ' }),
        say({
          en: `${formatBytes(disk.cacheBytes)} at most (copies that exist are used again)`,
          ja: `最大 ${formatBytes(disk.cacheBytes)}（あるものは再び使う）`,
        }),
      ],
      ...copiesFacts(plan.copies, say),
      [say({ en: 'free disk', ja: 'ディスクの空き' }), formatBytes(disk.freeBytes)],
      ...(synthetic.length === 0
        ? []
        : [[say({ en: 'synthetic weights', ja: '合成した重み' }), synthetic.join(', ')] as const]),
    ]),
  ];
  return sections.join('\n\n');
}

/** What each figure takes in full. */
function experimentSection(study: PlannedStudy['study'], plan: PlannedStudy['plan'], say: Say): string[] {
  const times = experimentTimes(study, plan);
  if (times.length === 0) return [];
  return [
    table(
      [
        { title: say({ en: 'experiment', ja: '実験' }) },
        { title: say({ en: 'cells', ja: 'セル' }), align: 'right' },
        { title: say({ en: 'one round', ja: '1 ラウンド' }), align: 'right' },
        {
          title: say({ en: `${study.rounds.minimum} rounds`, ja: `${study.rounds.minimum} ラウンド` }),
          align: 'right',
        },
      ],
      times.map(({ title, cells, round_ms, minimum_ms }) => [
        title,
        String(cells),
        formatDuration(round_ms),
        formatDuration(minimum_ms),
      ]),
    ),
  ];
}

function copiesFacts(copies: CopyPlan | undefined, say: Say): (readonly [string, string])[] {
  if (copies === undefined) return [];
  const { evicted, limitBytes } = copies;
  const limit = [
    say({ en: 'limit of converted copies', ja: '変換した写しの上限' }),
    formatBytes(limitBytes),
  ] as const;
  if (evicted.length === 0) return [limit];
  const again = say({ en: ', made again in each round', ja: '、ラウンドごとに作り直す' });
  const names = evicted
    .map(
      ({ model, until, bytes }) => `${model} (${formatBytes(bytes)}${until === 'model-ended' ? '' : again})`,
    )
    .join(', ');
  return [
    limit,
    [
      say({ en: 'measured apart', ja: '別に測るモデル' }),
      say({
        en: `${names}: all rounds of one together, after the others; copies then removed`,
        ja: `${names}: 他のモデルの後に、1 つずつ全ラウンドを続けて測り、写しは消す`,
      }),
    ],
  ];
}

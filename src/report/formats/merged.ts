/** A merged report for people: the same sections as Markdown and on a screen. */
import picocolors from 'picocolors';
import { englishOnly, type Say, type Words } from '../../kernel/language.ts';
import { type Maybe, missing } from '../../kernel/maybe.ts';
import { type Estimate, LEVEL } from '../../stats/estimate.ts';
import type { ComparisonOutcome } from '../../stats/outcome.ts';
import { experimentBars } from '../figures/experiment-bars.ts';
import { engineStyles } from '../figures/experiment-points.ts';
import { renderSvg } from '../figures/render-svg.ts';
import type { MergedReport, MergedRow } from '../merged/model.ts';
import { formatEstimate, formatNumber, formatRatio } from '../numbers.ts';
import { outcomeName } from '../verdict-text.ts';
import { CHOICE_TITLE, choiceReading, choiceTable } from './choice-section.ts';
import { experimentsMarkdown } from './experiments-section.ts';
import type { ReportFile, Screen } from './format.ts';
import { drawTable } from './markdown.ts';
import { escapeText } from './markup.ts';
import { tables, wrap } from './screen-table.ts';
import { caveatLine, failureLine, TITLES } from './sections.ts';
import type { TextColumn, TextTable } from './text-table.ts';

interface Section {
  readonly title: string;
  readonly table?: TextTable;
  readonly lines: readonly string[];
}

/** `report.md`, `report.json` and the device figure. */
export async function mergedFiles(report: MergedReport, say: Say): Promise<readonly ReportFile[]> {
  const { devices } = report;
  const spec =
    devices === undefined
      ? undefined
      : experimentBars(devices, engineStyles({ experiments: [devices] }), report.language ?? 'en');
  const figure = spec === undefined ? [] : [{ name: 'devices.svg', text: await renderSvg(spec) }];
  const { first, rest } = sectionsOf(report, say);
  const section = ({ title, table, lines }: Section): string[] => [
    `## ${escapeText(title)}`,
    ...(table === undefined ? [] : [drawTable(table)]),
    ...(lines.length === 0 ? [] : [lines.map((line) => `- ${escapeText(line)}`).join('\n')]),
  ];
  const text = [
    say({
      en: `# ${escapeText(report.title)}: ${report.machines.length} runs`,
      ja: `# ${escapeText(report.title)}: ${report.machines.length} 回の実行`,
    }),
    ...first.flatMap(section),
    ...experimentsMarkdown(devices === undefined ? [] : [devices], () => figure[0]?.name, say),
    ...rest.flatMap(section),
  ].join('\n\n');
  return [
    { name: 'report.md', text: `${text}\n` },
    {
      name: 'report.json',
      text: `${JSON.stringify({ schema: `hayasa-merged-report/${report.version}`, ...report }, englishOnly, 2)}\n`,
    },
    ...figure,
  ];
}

/** The same without the figure, whose values stand in the tables. */
export function mergedTerminal(report: MergedReport, screen: Screen, say: Say): string {
  const colours = picocolors.createColors(screen.colour);
  const { first, rest } = sectionsOf(report, say);
  return [...first, ...rest]
    .flatMap(({ title, table, lines }) => [
      colours.bold(title),
      ...(table === undefined ? [] : tables(table, screen)),
      ...lines.flatMap((line) =>
        wrap(line, screen.width - 2).map((part, index) => `${index === 0 ? '- ' : '  '}${part}`),
      ),
      '',
    ])
    .join('\n')
    .trimEnd()
    .concat('\n');
}

/** `first` stands before the figure, `rest` behind it. */
function sectionsOf(report: MergedReport, say: Say): { readonly first: Section[]; readonly rest: Section[] } {
  const { machines, differences, claims, caveats } = report;
  const letters = machines.map(({ letter }) => letter);
  return {
    first: [
      {
        title: say({ en: 'Machines', ja: 'マシン' }),
        lines: machines.map(({ letter, name, fingerprint, runId, began }, index) => {
          const twin = machines.slice(0, index).find((other) => other.fingerprint === fingerprint);
          const same = twin === undefined ? '' : `, the machine of ${twin.letter}`;
          const sameJa = twin === undefined ? '' : `、${twin.letter} と同じマシン`;
          return say({
            en: `${letter}: ${name} (fingerprint ${fingerprint}${same}), run ${runId}${began === '' ? '' : `, begun ${began}`}`,
            ja: `${letter}: ${name}（指紋 ${fingerprint}${sameJa}）、実行 ${runId}${began === '' ? '' : `、開始 ${began}`}`,
          });
        }),
      },
      ...(differences.length === 0
        ? []
        : [
            {
              title: say({ en: 'What differs', ja: '異なる条件' }),
              table: plainTable(
                [say({ en: 'condition', ja: '条件' }), ...letters],
                differences.map(({ name, values }) => [name, ...values].map(say)),
              ),
              lines: [],
            },
          ]),
      ...machines.flatMap(({ letter, choice }): Section[] =>
        choice === undefined
          ? []
          : [
              {
                title: say({ en: `${CHOICE_TITLE.en} on ${letter}`, ja: `${letter} では${CHOICE_TITLE.ja}` }),
                table: choiceTable(undefined, choice, CHOICE_ROWS, say),
                lines: [choiceReading(choice, CHOICE_ROWS, say)],
              },
            ],
      ),
    ],
    rest: [
      sideBySide(report, say),
      ...(claims === undefined
        ? []
        : [
            {
              title: say({ en: 'Claims', ja: '主張' }),
              table: plainTable(
                [say({ en: 'claim', ja: '主張' }), say({ en: 'what it says', ja: '内容' }), ...letters],
                claims.map(({ id, statement, outcomes }) => [
                  id,
                  statement,
                  ...outcomes.map((outcome) => say(outcomeName(outcome))),
                ]),
              ),
              lines: [
                say({
                  en: 'Each verdict was decided within its run; margins are equal in all.',
                  ja: '判定はそれぞれの実行の中で決めています。マージンはすべて等しい。',
                }),
              ],
            },
          ]),
      ...(machines.every(({ failures }) => failures.length === 0)
        ? []
        : [
            {
              title: say(TITLES.failures),
              lines: machines.flatMap(({ letter, failures }) =>
                failures.map((failure) => `${letter}: ${failureLine(failure, say)}`),
              ),
            },
          ]),
      {
        title: say(TITLES.caveats),
        lines: caveats.map((caveat) => caveatLine(caveat, say)),
      },
    ],
  };
}

const CHOICE_ROWS = 24;

const OUTCOMES: Readonly<Record<ComparisonOutcome, Words>> = {
  faster: { en: 'faster', ja: '速い' },
  slower: { en: 'slower', ja: '遅い' },
  equivalent: { en: 'equivalent', ja: '同等' },
  undecided: { en: 'undecided', ja: '未決' },
};

function sideBySide({ machines, rows, margin, level, family }: MergedReport, say: Say): Section {
  const number = (title: string, text: (row: MergedRow) => string): TextColumn => ({
    title,
    numeric: true,
    label: false,
    texts: rows.map(text),
  });
  return {
    title: say({ en: 'Side by side', ja: '横並びの比較' }),
    ...(rows.length === 0
      ? {}
      : {
          table: {
            rowCount: rows.length,
            columns: [
              {
                title: say({ en: 'cell', ja: 'セル' }),
                numeric: false,
                label: true,
                texts: rows.map(({ label }) => label),
              },
              ...machines.map(({ letter }, index) =>
                number(`${letter} (tokens/s)`, ({ throughput }) =>
                  valueText(
                    throughput[index] ??
                      missing({ en: 'not measured there', ja: 'そちらでは測定されていません' }),
                    say,
                  ),
                ),
              ),
              number(say({ en: 'not paired', ja: '対応なし' }), ({ against }) =>
                against
                  .map(({ machine, base, ratio, outcome }) => {
                    const over = say({ en: `${machine} over ${base}`, ja: `${machine} 対 ${base}` });
                    return ratio.kind === 'missing'
                      ? `${over}: ${say(ratio.reason)}`
                      : `${over}: ${say(formatRatio(ratio.value))} ${say(OUTCOMES[outcome])}`;
                  })
                  .join('; '),
              ),
            ],
          },
        }),
    lines:
      rows.length === 0
        ? [
            say({
              en: 'No cell was measured on two machines: engines, options or precisions differ.',
              ja: '二つのマシンで測ったセルがありません: エンジン、オプション、精度のどれかが異なります。',
            }),
          ]
        : [
            say({
              en: `Ratios by Welch's t over launch means, ${formatNumber(level * 100, level === LEVEL ? 0 : 2)} % intervals of each alone; outcomes together by Holm's procedure over ${family}; equivalent: within ${formatNumber(margin * 100, 0)} %.`,
              ja: `比は起動平均に対する Welch の t、区間はそれぞれ単独の ${formatNumber(level * 100, level === LEVEL ? 0 : 2)} %。結果は ${family} 件を Holm の手順で一緒に決めています。同等: ${formatNumber(margin * 100, 0)} % 以内。`,
            }),
          ],
  };
}

const valueText = (value: Maybe<Estimate>, say: Say): string =>
  value.kind === 'missing' ? '–' : formatEstimate(value.value, 1, 1, say);

const plainTable = (titles: readonly string[], rows: readonly (readonly string[])[]): TextTable => ({
  rowCount: rows.length,
  columns: titles.map((title, index) => ({
    title,
    numeric: false,
    label: index === 0,
    texts: rows.map((row) => row[index] ?? ''),
  })),
});

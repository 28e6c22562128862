/** A merged report for people: the same sections as Markdown and on a screen. */
import picocolors from 'picocolors';
import { type Maybe, missing } from '../../kernel/maybe.ts';
import { type Estimate, LEVEL } from '../../stats/estimate.ts';
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
import { failureLine } from './sections.ts';
import type { TextColumn, TextTable } from './text-table.ts';

interface Section {
  readonly title: string;
  readonly table?: TextTable;
  readonly lines: readonly string[];
}

/** `report.md`, `report.json` and the device figure. */
export async function mergedFiles(report: MergedReport): Promise<readonly ReportFile[]> {
  const { devices } = report;
  const spec =
    devices === undefined
      ? undefined
      : experimentBars(devices, engineStyles({ experiments: [devices] }), report.language ?? 'en');
  const figure = spec === undefined ? [] : [{ name: 'devices.svg', text: await renderSvg(spec) }];
  const { first, rest } = sectionsOf(report);
  const section = ({ title, table, lines }: Section): string[] => [
    `## ${escapeText(title)}`,
    ...(table === undefined ? [] : [drawTable(table)]),
    ...(lines.length === 0 ? [] : [lines.map((line) => `- ${escapeText(line)}`).join('\n')]),
  ];
  const text = [
    `# ${escapeText(report.title)}: ${report.machines.length} runs`,
    ...first.flatMap(section),
    ...experimentsMarkdown(devices === undefined ? [] : [devices], () => figure[0]?.name),
    ...rest.flatMap(section),
  ].join('\n\n');
  return [
    { name: 'report.md', text: `${text}\n` },
    {
      name: 'report.json',
      text: `${JSON.stringify({ schema: `hayasa-merged-report/${report.version}`, ...report }, null, 2)}\n`,
    },
    ...figure,
  ];
}

/** The same without the figure, whose values stand in the tables. */
export function mergedTerminal(report: MergedReport, screen: Screen): string {
  const colours = picocolors.createColors(screen.colour);
  const { first, rest } = sectionsOf(report);
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
function sectionsOf(report: MergedReport): { readonly first: Section[]; readonly rest: Section[] } {
  const { machines, differences, claims, caveats } = report;
  const letters = machines.map(({ letter }) => letter);
  return {
    first: [
      {
        title: 'Machines',
        lines: machines.map(({ letter, name, fingerprint, runId, began }, index) => {
          const twin = machines.slice(0, index).find((other) => other.fingerprint === fingerprint);
          const same = twin === undefined ? '' : `, the machine of ${twin.letter}`;
          return `${letter}: ${name} (fingerprint ${fingerprint}${same}), run ${runId}${began === '' ? '' : `, begun ${began}`}`;
        }),
      },
      ...(differences.length === 0
        ? []
        : [
            {
              title: 'What differs',
              table: plainTable(
                ['condition', ...letters],
                differences.map(({ name, values }) => [name, ...values]),
              ),
              lines: [],
            },
          ]),
      ...machines.flatMap(({ letter, choice }): Section[] =>
        choice === undefined
          ? []
          : [
              {
                title: `${CHOICE_TITLE} on ${letter}`,
                table: choiceTable(undefined, choice, CHOICE_ROWS),
                lines: [choiceReading(choice, CHOICE_ROWS)],
              },
            ],
      ),
    ],
    rest: [
      sideBySide(report),
      ...(claims === undefined
        ? []
        : [
            {
              title: 'Claims',
              table: plainTable(
                ['claim', 'what it says', ...letters],
                claims.map(({ id, statement, outcomes }) => [id, statement, ...outcomes.map(outcomeName)]),
              ),
              lines: ['Each verdict was decided within its run; margins are equal in all.'],
            },
          ]),
      ...(machines.every(({ failures }) => failures.length === 0)
        ? []
        : [
            {
              title: 'Failures',
              lines: machines.flatMap(({ letter, failures }) =>
                failures.map((failure) => `${letter}: ${failureLine(failure)}`),
              ),
            },
          ]),
      {
        title: 'Caveats',
        lines: caveats.map(({ severity, text }) => (severity === 'note' ? text : `${severity}: ${text}`)),
      },
    ],
  };
}

const CHOICE_ROWS = 24;

function sideBySide({ machines, rows, margin, level, family }: MergedReport): Section {
  const number = (title: string, text: (row: MergedRow) => string): TextColumn => ({
    title,
    numeric: true,
    label: false,
    texts: rows.map(text),
  });
  return {
    title: 'Side by side',
    ...(rows.length === 0
      ? {}
      : {
          table: {
            rowCount: rows.length,
            columns: [
              { title: 'cell', numeric: false, label: true, texts: rows.map(({ label }) => label) },
              ...machines.map(({ letter }, index) =>
                number(`${letter} (tokens/s)`, ({ throughput }) =>
                  valueText(throughput[index] ?? missing('not measured there')),
                ),
              ),
              number('not paired', ({ against }) =>
                against
                  .map(({ machine, base, ratio, outcome }) =>
                    ratio.kind === 'missing'
                      ? `${machine} over ${base}: ${ratio.reason}`
                      : `${machine} over ${base}: ${formatRatio(ratio.value)} ${outcome}`,
                  )
                  .join('; '),
              ),
            ],
          },
        }),
    lines:
      rows.length === 0
        ? ['No cell was measured on two machines: engines, options or precisions differ.']
        : [
            `Ratios by Welch's t over launch means, ${formatNumber(level * 100, level === LEVEL ? 0 : 2)} % intervals of each alone; outcomes together by Holm's procedure over ${family}; equivalent: within ${formatNumber(margin * 100, 0)} %.`,
          ],
  };
}

const valueText = (value: Maybe<Estimate>): string =>
  value.kind === 'missing' ? '–' : formatEstimate(value.value, 1, 1);

const plainTable = (titles: readonly string[], rows: readonly (readonly string[])[]): TextTable => ({
  rowCount: rows.length,
  columns: titles.map((title, index) => ({
    title,
    numeric: false,
    label: index === 0,
    texts: rows.map((row) => row[index] ?? ''),
  })),
});

/** Ladders as tables: what each step gains, the memory of the KV cache, and the study's engines by technique. */
import { markdownTable } from 'markdown-table';
import { TECHNIQUES } from '../../engines/techniques.ts';
import { ENGINE_TECHNIQUES, type TechniqueUse } from '../../engines/techniques-of-engines.ts';
import type { Maybe } from '../../kernel/maybe.ts';
import type { KvAllocationKind } from '../../models/kv-allocation.ts';
import type { Estimate } from '../../stats/estimate.ts';
import type { KvMemory } from '../kv-memory.ts';
import type { LadderPanel, LadderSection, LadderStepFacts } from '../ladder.ts';
import { formatNumber, formatRatio, formatShare } from '../numbers.ts';
import { escapeCell, escapeText } from './markup.ts';
import type { TextTable } from './text-table.ts';

const READING =
  'Throughput in tokens/s. A gain is the throughput over that of the step before (or of the step that is named), paired by round, with a 95 % interval of its own: not corrected for the number of steps. 1.00x is no gain.';

const KV_TITLE = 'KV cache: reserved against used';

const KV_READING =
  'Counted, not measured: exact positions over the steps of a generation with the lengths of this run. `static`: every sequence has room for the longest prompt and the most new tokens until the last one is done; `slot`: continuous batching over that room; `paged`: blocks as they fill, computed for an allocator that this engine does not have. Used are positions that a later step still reads.';

/** Names of the files of a section's figures, where they were drawn. */
export interface LadderImages {
  readonly ladder: string | undefined;
  readonly kvCache: string | undefined;
}

/** Heading, figures and tables of each ladder. */
export const laddersMarkdown = (
  sections: readonly LadderSection[],
  imagesOf: (id: string) => LadderImages,
): string[] =>
  sections.flatMap((section) => {
    const images = imagesOf(section.id);
    const title = escapeText(section.title);
    return [
      `## ${title}`,
      ...(images.ladder === undefined ? [] : [`![${title}](${images.ladder})`]),
      `Engine ${escapeText(section.engine)}. ${READING}`,
      ...section.panels.flatMap((panel) => [
        ...(panel.name === '' ? [] : [`### ${escapeText(panel.name)}`]),
        table(STEP_HEADER, stepRows(section, panel), ['l', 'l', 'r', 'r', 'r']),
        ...notesOf(panel).map(escapeText),
      ]),
      ...kvMarkdown(section, images.kvCache),
    ];
  });

const STEP_HEADER = ['step', 'sets', 'throughput', 'gain', 'over the first'] as const;

const stepRows = ({ steps }: LadderSection, { rungs }: LadderPanel): string[][] =>
  rungs.map(({ throughput, gain, total, notPaired }, index) => [
    stepName(index, steps[index]),
    steps[index]?.changes.join(', ') ?? '',
    throughputText(throughput),
    `${gainText(gain, steps, index)}${notPaired.includes('gain') ? NOT_PAIRED : ''}`,
    `${ratioText(total)}${notPaired.includes('total') ? NOT_PAIRED : ''}`,
  ]);

const NOT_PAIRED = ', not paired';

/** What is to be known of a panel's table: ratios that are not paired, steps without a value. */
const notesOf = (panel: LadderPanel): string[] => [
  ...(panel.rungs.some(({ notPaired }) => notPaired.length > 0)
    ? [
        'Not paired: the two steps share fewer than two rounds, so that what happened to the machine between them is in the ratio.',
      ]
    : []),
  ...reasonLines(panel),
];

const stepName = (index: number, step: LadderStepFacts | undefined): string =>
  `${index + 1}. ${step?.name ?? ''}`;

/** Names the step below where it is not the one before. */
function gainText(gain: Maybe<Estimate>, steps: readonly LadderStepFacts[], index: number): string {
  const from = steps[index]?.from ?? null;
  const skips = from !== null && from !== steps[index - 1]?.name;
  return skips ? `${ratioText(gain)} over ${from}` : ratioText(gain);
}

const ratioText = (value: Maybe<Estimate>): string =>
  value.kind === 'value' ? formatRatio(value.value) : '–';

function throughputText(value: Maybe<Estimate>): string {
  if (value.kind === 'missing') return '–';
  const { mean, interval } = value.value;
  if (interval.kind === 'missing') return `${formatNumber(mean, 1)} (no interval)`;
  return `${formatNumber(mean, 1)} [${formatNumber(interval.value.low, 1)}, ${formatNumber(interval.value.high, 1)}]`;
}

/** Why steps have no value. */
const reasonLines = ({ rungs }: LadderPanel): string[] =>
  rungs.flatMap(({ step, throughput }) =>
    throughput.kind === 'missing' ? [`– ${step}: ${throughput.reason}.`] : [],
  );

function kvMarkdown({ panels }: LadderSection, image: string | undefined): string[] {
  const rows = kvRows(panels);
  if (rows.length === 0) return [];
  return [
    `### ${KV_TITLE}`,
    ...(image === undefined ? [] : [`![${KV_TITLE}](${image})`]),
    KV_READING,
    table(KV_HEADER, rows, ['l', 'l', 'r', 'r', 'r', 'r']),
  ];
}

const KV_HEADER = [
  'setting',
  'allocation',
  'at a time',
  'reserved, peak',
  'used, peak',
  'used, of all steps',
] as const;

const KV_NAMES: Readonly<Record<KvAllocationKind, string>> = {
  static: 'static',
  slot: 'slot',
  paged: 'paged (computed)',
};

const kvRows = (panels: readonly LadderPanel[], sizeText = bytesText): string[][] =>
  panels.flatMap(({ name, kvMemory }) =>
    kvMemory.kind === 'missing'
      ? []
      : kvMemory.value.allocations.map(({ kind, peakReserved, peakUsed, usedShare }) => [
          name,
          kind === 'paged' ? `${KV_NAMES[kind]}, ${kvMemory.value.blockPositions} positions` : KV_NAMES[kind],
          String(kind === 'static' ? kvMemory.value.sequences : kvMemory.value.slots),
          sizeText(peakReserved, kvMemory.value),
          sizeText(peakUsed, kvMemory.value),
          formatShare(usedShare),
        ]),
  );

const mebibytes = (positions: number, { bytesPerPosition }: KvMemory): string =>
  `${formatNumber((positions * bytesPerPosition) / 2 ** 20, 2)} MiB`;

const bytesText = (positions: number, memory: KvMemory): string =>
  `${mebibytes(positions, memory)} (${formatNumber(positions, 0)} positions, ${memory.format})`;

const USE_WORDS: Readonly<Record<TechniqueUse, string>> = {
  used: 'yes',
  optional: 'option',
  partly: 'partly',
  unused: '–',
};

/** The engines of the 2023 study by technique, with sources; once per report. */
export const techniquesMarkdown = (image: string | undefined): string[] => [
  '## Engines by technique',
  ...(image === undefined ? [] : [`![Engines by technique](${image})`]),
  "What each engine does with decoders, from its own documents (declared, not measured); `option`: a switch or another model file. Gains beside the techniques are those of this report's ladder on its own engine: what another engine makes of the technique may differ.",
  table(
    ['technique', ...ENGINE_TECHNIQUES.map(({ engine }) => engine)],
    TECHNIQUES.map(({ id, title }) => [title, ...ENGINE_TECHNIQUES.map(({ uses }) => USE_WORDS[uses[id]])]),
    ['l'],
  ),
  ENGINE_TECHNIQUES.map(
    ({ engine, notes, sources }) =>
      `- ${escapeText(engine)}: ${escapeText(notes.join(' '))} (${sources.join('; ')})`,
  ).join('\n'),
];

const table = (header: readonly string[], rows: readonly string[][], align: readonly string[]): string =>
  markdownTable(
    [[...header], ...rows].map((line) => line.map(escapeCell)),
    { align: [...align], alignDelimiters: false },
  );

/** What a screen shows of a ladder: lines of text, and tables that it may have to cut into several. */
export interface LadderParagraph {
  readonly title: string;
  readonly table: TextTable;
  readonly notes: readonly string[];
}

/** A table per panel, then the memory of the KV cache. */
export function ladderParagraphs(section: LadderSection): LadderParagraph[] {
  const kv = kvRows(section.panels, mebibytes);
  return [
    ...section.panels.map((panel) => ({
      title: panel.name,
      table: textTable(
        ['step', 'throughput', 'gain', 'over the first'],
        stepRows(section, panel).map(([step = '', , ...rest]) => [step, ...rest]),
        1,
      ),
      notes: notesOf(panel),
    })),
    ...(kv.length === 0 ? [] : [{ title: KV_TITLE, table: textTable(KV_HEADER, kv, 2), notes: [] }]),
  ];
}

/** The first `labels` columns say what a row is. */
const textTable = (header: readonly string[], rows: readonly string[][], labels: number): TextTable => ({
  columns: header.map((title, column) => ({
    title,
    numeric: column >= labels,
    label: column < labels,
    texts: rows.map((row) => row[column] ?? ''),
  })),
  rowCount: rows.length,
});

/** Ladders as tables: what each step gains, the memory of the KV cache, and the study's engines by technique. */
import { markdownTable } from 'markdown-table';
import { TECHNIQUES } from '../../engines/techniques.ts';
import { ENGINE_TECHNIQUES, type TechniqueUse } from '../../engines/techniques-of-engines.ts';
import { type Say, same, type Words } from '../../kernel/language.ts';
import type { Maybe } from '../../kernel/maybe.ts';
import type { KvAllocationKind } from '../../models/kv-allocation.ts';
import type { Estimate } from '../../stats/estimate.ts';
import { joined } from '../joined.ts';
import type { KvMemory } from '../kv-memory.ts';
import type { LadderPanel, LadderSection, LadderStepFacts } from '../ladder.ts';
import { formatNumber, formatRatio, formatShare, NO_INTERVAL } from '../numbers.ts';
import { escapeCell, escapeText } from './markup.ts';
import type { TextTable } from './text-table.ts';

const READING: Words = {
  en: 'Throughput in tokens/s. A gain is the throughput over that of the step before (or of the step that is named), paired by round, with a 95 % interval of its own: not corrected for the number of steps. 1.00x is no gain.',
  ja: 'スループットは tokens/s。倍率は直前の段（または示した段）に対するスループットの比で、ラウンドごとに対にし、それぞれ単独の 95 % 信頼区間を付けます（段の数による補正なし）。1.00x は変化なし。',
};

const KV_TITLE: Words = { en: 'KV cache: reserved against used', ja: 'KV キャッシュ: 確保量と使用量' };

const KV_READING: Words = {
  en: 'Counted, not measured: exact positions over the steps of a generation with the lengths of this run. `static`: every sequence has room for the longest prompt and the most new tokens until the last one is done; `slot`: continuous batching over that room; `paged`: blocks as they fill, computed for an allocator that this engine does not have. Used are positions that a later step still reads.',
  ja: '測定ではなく計算: この実行の長さで生成する間の、各ステップでの正確な位置数。`static`: 最後の系列が終わるまで、どの系列にも最長のプロンプトと最大の新規トークンの分を確保。`slot`: その領域での連続バッチ処理。`paged`: 埋まるにつれてブロックを割り当てる方式で、このエンジンにはないアロケーターについての計算。使用量は、後のステップがなお読む位置です。',
};

/** Names of the files of a section's figures, where they were drawn. */
export interface LadderImages {
  readonly ladder: string | undefined;
  readonly kvCache: string | undefined;
}

/** Heading, figures and tables of each ladder. */
export const laddersMarkdown = (
  sections: readonly LadderSection[],
  imagesOf: (id: string) => LadderImages,
  say: Say,
): string[] =>
  sections.flatMap((section) => {
    const images = imagesOf(section.id);
    const title = escapeText(section.title);
    return [
      `## ${title}`,
      ...(images.ladder === undefined ? [] : [`![${title}](${images.ladder})`]),
      say({
        en: `Engine ${escapeText(section.engine)}. ${READING.en}`,
        ja: `エンジンは ${escapeText(section.engine)}。${READING.ja}`,
      }),
      ...section.panels.flatMap((panel) => [
        ...(panel.name.en === '' ? [] : [`### ${escapeText(say(panel.name))}`]),
        table(STEP_HEADER.map(say), stepRows(section, panel, say), ['l', 'l', 'r', 'r', 'r']),
        ...notesOf(panel, say).map(escapeText),
      ]),
      ...kvMarkdown(section, images.kvCache, say),
    ];
  });

const STEP_HEADER = [
  { en: 'step', ja: '段' },
  { en: 'sets', ja: '設定' },
  { en: 'throughput', ja: 'スループット' },
  { en: 'gain', ja: '倍率' },
  { en: 'over the first', ja: '最初の段との比' },
] as const satisfies readonly Words[];

const stepRows = ({ steps }: LadderSection, { rungs }: LadderPanel, say: Say): string[][] =>
  rungs.map(({ throughput, gain, total, notPaired }, index) => [
    stepName(index, steps[index]),
    steps[index]?.changes.join(', ') ?? '',
    throughputText(throughput, say),
    `${say(gainText(gain, steps, index))}${notPaired.includes('gain') ? say(NOT_PAIRED) : ''}`,
    `${say(ratioText(total))}${notPaired.includes('total') ? say(NOT_PAIRED) : ''}`,
  ]);

const NOT_PAIRED: Words = { en: ', not paired', ja: '、対応なし' };

/** What is to be known of a panel's table: ratios that are not paired, steps without a value. */
const notesOf = (panel: LadderPanel, say: Say): string[] => [
  ...(panel.rungs.some(({ notPaired }) => notPaired.length > 0)
    ? [
        say({
          en: 'Not paired: the two steps share fewer than two rounds, so that what happened to the machine between them is in the ratio.',
          ja: '対応なし: 二つの段に共通のラウンドが 2 回に満たず、その間にマシンに起きたことが比に含まれます。',
        }),
      ]
    : []),
  ...reasonLines(panel, say),
];

const stepName = (index: number, step: LadderStepFacts | undefined): string =>
  `${index + 1}. ${step?.name ?? ''}`;

/** Names the step below where it is not the one before. */
function gainText(gain: Maybe<Estimate>, steps: readonly LadderStepFacts[], index: number): Words {
  const from = steps[index]?.from ?? null;
  const skips = from !== null && from !== steps[index - 1]?.name;
  const text = ratioText(gain);
  return skips ? { en: `${text.en} over ${from}`, ja: `${text.ja}（対 ${from}）` } : text;
}

const ratioText = (value: Maybe<Estimate>): Words =>
  value.kind === 'value' ? formatRatio(value.value) : same('–');

function throughputText(value: Maybe<Estimate>, say: Say): string {
  if (value.kind === 'missing') return '–';
  const { mean, interval } = value.value;
  if (interval.kind === 'missing') return `${formatNumber(mean, 1)} (${say(NO_INTERVAL)})`;
  return `${formatNumber(mean, 1)} [${formatNumber(interval.value.low, 1)}, ${formatNumber(interval.value.high, 1)}]`;
}

/** Why steps have no value. */
const reasonLines = ({ rungs }: LadderPanel, say: Say): string[] =>
  rungs.flatMap(({ step, throughput }) =>
    throughput.kind === 'missing'
      ? [say({ en: `– ${step}: ${throughput.reason.en}.`, ja: `– ${step}: ${throughput.reason.ja}。` })]
      : [],
  );

function kvMarkdown({ panels }: LadderSection, image: string | undefined, say: Say): string[] {
  const rows = kvRows(panels, say);
  if (rows.length === 0) return [];
  return [
    `### ${say(KV_TITLE)}`,
    ...(image === undefined ? [] : [`![${say(KV_TITLE)}](${image})`]),
    say(KV_READING),
    table(KV_HEADER.map(say), rows, ['l', 'l', 'r', 'r', 'r', 'r']),
  ];
}

const KV_HEADER = [
  { en: 'setting', ja: '設定' },
  { en: 'allocation', ja: '割り当て' },
  { en: 'at a time', ja: '同時' },
  { en: 'reserved, peak', ja: '確保量（最大）' },
  { en: 'used, peak', ja: '使用量（最大）' },
  { en: 'used, of all steps', ja: '使用率（全ステップ）' },
] as const satisfies readonly Words[];

const KV_NAMES: Readonly<Record<KvAllocationKind, Words>> = {
  static: same('static'),
  slot: same('slot'),
  paged: { en: 'paged (computed)', ja: 'paged（計算）' },
};

const kvRows = (panels: readonly LadderPanel[], say: Say, sizeText = bytesText): string[][] =>
  panels.flatMap(({ name, kvMemory }) =>
    kvMemory.kind === 'missing'
      ? []
      : kvMemory.value.allocations.map(({ kind, peakReserved, peakUsed, usedShare }) => [
          say(name),
          kind === 'paged'
            ? say({
                en: `${KV_NAMES[kind].en}, ${kvMemory.value.blockPositions} positions`,
                ja: `${KV_NAMES[kind].ja}、${kvMemory.value.blockPositions} 位置`,
              })
            : say(KV_NAMES[kind]),
          String(kind === 'static' ? kvMemory.value.sequences : kvMemory.value.slots),
          sizeText(peakReserved, kvMemory.value, say),
          sizeText(peakUsed, kvMemory.value, say),
          formatShare(usedShare),
        ]),
  );

const mebibytes = (positions: number, { bytesPerPosition }: KvMemory): string =>
  `${formatNumber((positions * bytesPerPosition) / 2 ** 20, 2)} MiB`;

const bytesText = (positions: number, memory: KvMemory, say: Say): string =>
  say({
    en: `${mebibytes(positions, memory)} (${formatNumber(positions, 0)} positions, ${memory.format})`,
    ja: `${mebibytes(positions, memory)}（${formatNumber(positions, 0)} 位置、${memory.format}）`,
  });

const USE_WORDS: Readonly<Record<TechniqueUse, Words>> = {
  used: { en: 'yes', ja: '使う' },
  optional: { en: 'option', ja: '選択可' },
  partly: { en: 'partly', ja: '一部' },
  unused: same('–'),
};

const TECHNIQUES_TITLE: Words = { en: 'Engines by technique', ja: 'エンジンと高速化手法' };

/** The engines of the 2023 study by technique, with sources; once per report. */
export const techniquesMarkdown = (image: string | undefined, say: Say): string[] => [
  `## ${say(TECHNIQUES_TITLE)}`,
  ...(image === undefined ? [] : [`![${say(TECHNIQUES_TITLE)}](${image})`]),
  say({
    en: "What each engine does with decoders, from its own documents (declared, not measured); `option`: a switch or another model file. Gains beside the techniques are those of this report's ladder on its own engine: what another engine makes of the technique may differ.",
    ja: '各エンジンがデコーダーに対して行うこと。エンジン自身の文書による宣言であり、測定ではありません。「選択可」: スイッチまたは別のモデルファイル。手法の横の倍率は、本レポートの階段で一つのエンジンについて測ったもので、他のエンジンでは異なることがあります。',
  }),
  table(
    [say({ en: 'technique', ja: '手法' }), ...ENGINE_TECHNIQUES.map(({ engine }) => engine)],
    TECHNIQUES.map(({ id, title }) => [
      say(title),
      ...ENGINE_TECHNIQUES.map(({ uses }) => say(USE_WORDS[uses[id]])),
    ]),
    ['l'],
  ),
  ENGINE_TECHNIQUES.map(
    ({ engine, notes, sources }) =>
      `- ${escapeText(engine)}: ${escapeText(say(joined(notes)))} (${sources.join('; ')})`,
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
export function ladderParagraphs(section: LadderSection, say: Say): LadderParagraph[] {
  const kv = kvRows(section.panels, say, mebibytes);
  return [
    ...section.panels.map((panel) => ({
      title: say(panel.name),
      table: textTable(
        STEP_HEADER.filter(({ en }) => en !== 'sets').map(say),
        stepRows(section, panel, say).map(([step = '', , ...rest]) => [step, ...rest]),
        1,
      ),
      notes: notesOf(panel, say),
    })),
    ...(kv.length === 0
      ? []
      : [{ title: say(KV_TITLE), table: textTable(KV_HEADER.map(say), kv, 2), notes: [] }]),
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

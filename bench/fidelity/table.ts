/** The result of part `fidelity` as text for people and as a Markdown table. Pure. */
import { markdownTable } from 'markdown-table';
import { ratioText } from '../bare-loops/row-text.ts';
import type { FidelityRow } from './compare.ts';
import type { FidelityResult } from './part.ts';
import type { RegionRatio } from './ratios.ts';

export function fidelityTables(file: string, { model, rows, without }: FidelityResult): string {
  const head = [
    'engine',
    'against',
    'batch',
    'in + out',
    'region',
    'pairs',
    'ratio of times (95 %)',
    'verdict',
  ];
  return [
    `**[${file}](${file})**: time as Hayasa reads it over the other's, ${model}, fp32; \`own timers\`: inside the same calls; in turn: calls of one process; the rest: separate launches in shuffled blocks.`,
    ...(rows.length === 0 ? [] : [markdownTable([[...head, 'foreign CPU'], ...rows.flatMap(lines)])]),
    ...(without.length === 0
      ? []
      : [without.map(({ engine, batch, reason }) => `- ${engine}, batch ${batch}: ${reason}`).join('\n')]),
  ].join('\n\n');
}

const lines = (row: FidelityRow): string[][] =>
  row.regions.map((region) => [
    row.engine,
    row.against,
    String(row.work.batch),
    `${row.work.input} + ${row.work.output}`,
    region.region,
    `${region.ours_ns.length} ${row.pairedBy}s`,
    ratioText(region),
    verdictText(region, row.margin),
    row.noise.foreignCpuShare?.toFixed(2) ?? '-',
  ]);

const verdictText = ({ verdict }: RegionRatio, margin: number): string => `${verdict} ${100 * margin} %`;

/** One line for the terminal. */
export const regionText = (row: FidelityRow): string =>
  [
    `${row.engine} batch ${row.work.batch} against ${row.against}:`,
    ...row.regions.map(
      (region) => `${region.region} ${ratioText(region)}, ${verdictText(region, row.margin)};`,
    ),
  ].join(' ');

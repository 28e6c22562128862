/** The result of part `conversion` as a Markdown table. Pure. */
import { markdownTable } from 'markdown-table';
import type { ConversionResult } from './part.ts';

const ABSENT = '-';
const gigabytes = (bytes: number | undefined): string =>
  bytes === undefined ? ABSENT : (bytes / 1e9).toFixed(2);
const seconds = (value: number | undefined): string => value?.toFixed(1) ?? ABSENT;

export function conversionTable(file: string, conversions: readonly ConversionResult[]): string {
  const head = [
    'model',
    'file',
    'engine',
    'precision',
    'outcome',
    'load (s)',
    'of it, stages (s)',
    'peak memory (GB)',
    'written (GB)',
  ];
  return [
    `**[${file}](${file})**: the first load into an empty cache, in a worker of its own; synthetic weights.`,
    markdownTable([head, ...conversions.map(cells)]),
  ].join('\n\n');
}

const cells = (one: ConversionResult): string[] => [
  one.preset,
  one.dtype,
  one.engine,
  one.precision,
  one.outcome,
  seconds(one.load_s),
  Object.entries(one.stages_s ?? {})
    .map(([name, value]) => `${name} ${seconds(value)}`)
    .join(', ') || ABSENT,
  gigabytes(one.peakResidentBytes),
  gigabytes(one.cacheBytesWritten),
];

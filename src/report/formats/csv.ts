/**
 * One line per cell, phase and metric, as RFC 4180 has it. Values are in the stored unit, which stands in the `unit`
 * column; columns with a fixed unit carry it in their name. A missing value is an empty field with its reason beside.
 */
import { samplingText } from '../../axes/sampling.ts';
import { type Maybe, NOT_MEASURED, presentValue } from '../../kernel/maybe.ts';
import type { Estimate } from '../../stats/estimate.ts';
import { agreementText } from '../agreement.ts';
import type { ImportedTableRow } from '../imported.ts';
import type { MetricColumn, Report, Row } from '../model.ts';
import type { FileFormat } from './format.ts';

const CELL_COLUMNS = [
  'run_id',
  'cell_key',
  'model',
  'engine',
  'options',
  'precision',
  'precision_kind',
  'device',
  'threads',
  'input_tokens',
  'output_tokens',
  'depth_tokens',
  'batch_sequences',
  'batching',
  'slots',
  'stop',
  'prompt_lengths',
  'sampling',
  'agreement',
] as const;

/** Deviations are standard deviations, in the stored unit. */
const ESTIMATE_COLUMNS = [
  'mean',
  'interval_low',
  'interval_high',
  'interval_level',
  'launches',
  'repeats',
  'rule',
  'method',
  'degrees_of_freedom',
  'deviation_between_launches',
  'deviation_within_launch',
  'effective_repeats',
  'origin',
  'missing_reason',
] as const;

const LENGTH_FIELDS = [
  ['minimum', 'minimum'],
  ['lower-quartile', 'lowerQuartile'],
  ['median', 'median'],
  ['upper-quartile', 'upperQuartile'],
  ['maximum', 'maximum'],
  ['mean', 'mean'],
] as const;

const HEADER = [...CELL_COLUMNS, 'phase', 'metric', 'unit', ...ESTIMATE_COLUMNS];

export const csv: FileFormat = {
  kind: 'files',
  id: 'csv',
  summary: 'one line per cell and metric, for spreadsheets',
  render: async (report) => [
    {
      name: 'report.csv',
      text: [
        HEADER,
        ...report.table.rows.flatMap((row) => lines(report, row)),
        ...(report.imported?.rows ?? []).flatMap((row) => importedFields(report, row)),
      ]
        .map(line)
        .join(''),
    },
  ],
};

function lines(report: Report, row: Row): string[][] {
  const phase = (name: string, values: Row['values']): string[][] =>
    report.table.metrics.map((metric) => [
      ...cellFields(report, row),
      name,
      ...valueFields(metric, values[metric.id]),
    ]);
  return [
    ...phase('explore', row.values),
    ...(row.confirmed === undefined ? [] : phase('confirm', row.confirmed)),
    ...lengthLines(report, row),
  ];
}

/** The distributions of the cell's lengths, where they differ: `new-tokens:median` and so on, in tokens. */
const lengthLines = (report: Report, row: Row): string[][] =>
  (report.lengths ?? [])
    .filter(({ cellKeys }) => cellKeys.includes(row.cellKey))
    .flatMap((one) =>
      [
        ...LENGTH_FIELDS.map(([name, field]) => [name, 'tokens', one[field]] as const),
        ...(one.cutShare === undefined ? [] : [['cut-share', '1', one.cutShare] as const]),
      ].map(([name, unit, value]) => [
        ...cellFields(report, row),
        'explore',
        `${one.kind}:${name}`,
        unit,
        String(value),
        ...ESTIMATE_COLUMNS.slice(1).map(() => ''),
      ]),
    );

function cellFields(report: Report, { cellKey, cell, engineLabel, labels, agreement }: Row): string[] {
  const options = Object.entries(cell.options).map(([name, value]) => `${name}=${String(value)}`);
  return [
    report.runId,
    cellKey,
    cell.model,
    engineLabel,
    options.join(' '),
    cell.precision,
    labels['precision']?.en ?? '',
    cell.device,
    String(cell.threads),
    String(cell.inputTokens),
    String(cell.outputTokens),
    String(cell.depthTokens),
    String(cell.batch),
    cell.batching,
    String(cell.slots),
    cell.stop,
    cell.promptLengths,
    samplingText(cell),
    agreementText(agreement).en,
  ];
}

/** Everything of the file under its own names, and what is ours by definition under ours too. */
function importedFields(report: Report, row: ImportedTableRow): string[][] {
  const { labels } = row;
  const text = (id: string): string => labels[id]?.en ?? '';
  const start = [
    ...['', '', text('model'), text('engine'), '', text('precision'), '', text('device'), text('threads')],
    ...[
      text('inputTokens'),
      text('outputTokens'),
      text('depthTokens'),
      text('batch'),
      '',
      '',
      '',
      '',
      '',
      '',
    ],
    'imported',
  ];
  return [
    ...report.table.metrics.flatMap((metric) => {
      const value = row.values[metric.id];
      return value === undefined ? [] : [[...start, ...valueFields(metric, value)]];
    }),
    ...row.all.map(({ name, storedUnit, estimate }) => [
      ...start,
      ...valueFields({ id: `${row.format}:${name}`, storedUnit }, estimate),
    ]),
  ];
}

function valueFields(
  metric: Pick<MetricColumn, 'id' | 'storedUnit'>,
  value: Maybe<Estimate> | undefined,
): string[] {
  const start = [metric.id, metric.storedUnit];
  if (value?.kind !== 'value') {
    const reason = value?.reason.en ?? NOT_MEASURED.en;
    return [...start, ...ESTIMATE_COLUMNS.slice(0, -1).map(() => ''), reason];
  }
  const { mean, interval, launches, repeats, rule, method, spread, origin } = value.value;
  const bounds = presentValue(interval);
  const fields: Readonly<Record<(typeof ESTIMATE_COLUMNS)[number], number | string | undefined>> = {
    mean,
    interval_low: bounds?.low,
    interval_high: bounds?.high,
    interval_level: bounds?.level,
    launches,
    repeats,
    rule: rule.en,
    method: method?.kind,
    degrees_of_freedom:
      method !== undefined && 'degreesOfFreedom' in method ? method.degreesOfFreedom : undefined,
    deviation_between_launches: spread?.betweenLaunches,
    deviation_within_launch: spread?.withinLaunch,
    effective_repeats: spread?.effectiveRepeats,
    origin,
    missing_reason: interval.kind === 'missing' ? interval.reason.en : undefined,
  };
  return [...start, ...ESTIMATE_COLUMNS.map((column) => String(fields[column] ?? ''))];
}

const line = (fields: readonly string[]): string => `${fields.map(quote).join(',')}\r\n`;

const quote = (field: string): string =>
  /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;

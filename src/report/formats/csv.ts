/**
 * One line per cell, phase and metric, as RFC 4180 has it. Values are in the stored unit, which stands in the `unit`
 * column; columns with a fixed unit carry it in their name. A missing value is an empty field with its reason beside.
 */
import type { Maybe } from '../../kernel/maybe.ts';
import { presentValue } from '../../kernel/maybe.ts';
import type { Estimate } from '../../stats/estimate.ts';
import { agreementText } from '../agreement.ts';
import type { MetricColumn, Report, Row } from '../model.ts';
import type { FileFormat } from './format.ts';

const HEADER = [
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
  'agreement',
  'phase',
  'metric',
  'unit',
  'mean',
  'interval_low',
  'interval_high',
  'interval_level',
  'launches',
  'repeats',
  'rule',
  'origin',
  'missing_reason',
] as const;

export const csv: FileFormat = {
  kind: 'files',
  id: 'csv',
  summary: 'one line per cell and metric, for spreadsheets',
  render: async (report) => [
    {
      name: 'report.csv',
      text: [HEADER, ...report.table.rows.flatMap((row) => lines(report, row))].map(line).join(''),
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
  ];
}

function cellFields(report: Report, { cellKey, cell, engineLabel, labels, agreement }: Row): string[] {
  const options = Object.entries(cell.options).map(([name, value]) => `${name}=${String(value)}`);
  return [
    report.runId,
    cellKey,
    cell.model,
    engineLabel,
    options.join(' '),
    cell.precision,
    labels['precision'] ?? '',
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
    agreementText(agreement),
  ];
}

function valueFields(metric: MetricColumn, value: Maybe<Estimate> | undefined): string[] {
  const start = [metric.id, metric.storedUnit];
  if (value === undefined) return [...start, '', '', '', '', '', '', '', '', 'not measured'];
  if (value.kind === 'missing') return [...start, '', '', '', '', '', '', '', '', value.reason];
  const { mean, interval, launches, repeats, rule, origin } = value.value;
  const bounds = presentValue(interval);
  return [
    ...start,
    String(mean),
    String(bounds?.low ?? ''),
    String(bounds?.high ?? ''),
    String(bounds?.level ?? ''),
    String(launches),
    String(repeats),
    rule,
    origin,
    interval.kind === 'missing' ? interval.reason : '',
  ];
}

const line = (fields: readonly string[]): string => `${fields.map(quote).join(',')}\r\n`;

const quote = (field: string): string =>
  /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;

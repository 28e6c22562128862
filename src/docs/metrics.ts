/** docs/metrics.md: every metric's declaration. */
import type { Metric } from '../metrics/metric.ts';
import { document, generatedNote, heading, list, table } from './markdown.ts';

export function metricsDocument(metrics: readonly Metric[]): string {
  return document([
    generatedNote('src/metrics/'),
    heading(1, 'Metrics'),
    'Each metric is computed from the raw stamps of the journal, so that it can be computed again under another definition. A value that is undefined is missing with its reason, never 0. Columns of CSV and JSON are in the stored unit.',
    table(
      ['metric', 'id', 'unit', 'better', 'per'],
      metrics.map((metric) => [
        `[${metric.title.en}](#${anchor(metric.title.en)})`,
        `\`${metric.id}\``,
        metric.shown.unit,
        metric.better,
        metric.level,
      ]),
    ),
    ...metrics.flatMap((metric) => [
      heading(2, metric.title.en),
      metric.definition.en,
      list([
        `Formula: ${metric.formula}`,
        `Unit: ${metric.shown.unit} (stored in ${metric.storedUnit}); ${metric.better} is better; one value per ${metric.level}.`,
        `Undefined: ${metric.undefinedWhen}`,
        `Source: ${metric.source}`,
      ]),
    ]),
  ]);
}

/** The anchor that renderers of Markdown give a heading. */
const anchor = (title: string): string =>
  title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s-]/gu, '')
    .replace(/\s/g, '-');

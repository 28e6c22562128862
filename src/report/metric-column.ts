/** A metric as a column of a table: its declaration without what computes it. */
import type { Metric } from '../metrics/metric.ts';
import type { MetricColumn } from './model.ts';

/** `isShown`: in the main table. */
export const metricColumn = (
  { id, title, definition, storedUnit, shown, better }: Metric,
  isShown: boolean,
): MetricColumn => ({
  id,
  title,
  definition,
  storedUnit,
  shownUnit: shown.unit,
  scale: shown.scale,
  digits: shown.digits,
  better,
  shown: isShown,
});

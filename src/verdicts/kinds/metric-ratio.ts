/** Two metrics of the same cells: what one way of counting makes of another. */
import { same } from '../../kernel/language.ts';
import {
  boundFields,
  boundProblems,
  type ClaimKind,
  defineClaimKind,
  EVERYTHING,
  forField,
} from '../kind.ts';
import { absence, isMeasured, select } from '../observed.ts';
import { eachByObstacle, tested } from '../parts.ts';
import { ratioPart } from '../quantity.ts';

export const metricRatioClaim: ClaimKind = defineClaimKind({
  kind: 'metric-ratio',
  summary: 'of one cell, a metric over another metric lies beyond a margin',
  fields: (field) => ({
    for: forField(field),
    metric: field.metric('The metric above the line.'),
    toMetric: field.metric('The metric below the line.'),
    ...boundFields('The ratio'),
  }),
  check: (claim) => boundProblems(claim),
  selected: ({ for: base = EVERYTHING }) => [{ path: 'for', patterns: [base] }],
  test: ({ for: base = EVERYTHING, metric, toMetric, ...bounds }, world) => {
    const cells = select(world, base);
    const has = (cell: (typeof cells)[number]): boolean =>
      isMeasured(cell, metric) && isMeasured(cell, toMetric);
    return tested(
      cells.filter(has).map((cell) =>
        ratioPart(
          same(`${metric} / ${toMetric}, ${cell.name}`),
          [
            { cell, metric, weight: 1 },
            { cell, metric: toMetric, weight: -1 },
          ],
          bounds,
          world.spread,
        ),
      ),
      eachByObstacle(
        cells
          .filter((cell) => !has(cell))
          .map((cell) => absence(cell, isMeasured(cell, metric) ? toMetric : metric)),
      ),
    );
  },
});

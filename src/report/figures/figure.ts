/** A figure is a pure function from the report to a Vega-Lite specification; drawing it is another step. */
import type { TopLevelSpec } from 'vega-lite';
import type { Report } from '../model.ts';

export interface Figure {
  /** Kebab-case; the file is `<id>.svg`. */
  readonly id: string;
  /** Undefined where the report has nothing to draw. */
  make(report: Report): MadeFigure | undefined;
}

export interface MadeFigure {
  readonly title: string;
  readonly spec: TopLevelSpec;
}

/** The figure of each experiment of a report, in the form that its readers know. */
import type { TopLevelSpec } from 'vega-lite';
import type { Language } from '../../kernel/language.ts';
import type { FigureKind } from '../../study/figure-kinds.ts';
import type { ExperimentSection } from '../experiments.ts';
import type { Report } from '../model.ts';
import { experimentBars } from './experiment-bars.ts';
import { experimentLines } from './experiment-lines.ts';
import { type EngineStyle, engineStyles } from './experiment-points.ts';
import type { MadeFigure } from './figure.ts';

type Draw = (
  section: ExperimentSection,
  styles: ReadonlyMap<string, EngineStyle>,
  language: Language,
) => TopLevelSpec | undefined;

const DRAW: Readonly<Record<FigureKind, Draw>> = {
  devices: experimentBars,
  'input-length': experimentLines,
  batch: experimentLines,
  precision: experimentBars,
};

/** Figures by the id of their experiment; none where a report has no experiments. */
export function experimentFigures(report: Report): (MadeFigure & { readonly id: string })[] {
  const styles = engineStyles(report);
  return (report.experiments ?? []).flatMap((section) => {
    const spec = DRAW[section.figure](section, styles, report.language ?? 'en');
    return spec === undefined ? [] : [{ id: section.id, title: section.title, spec }];
  });
}

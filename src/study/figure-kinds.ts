/** The figures that an experiment can ask for; `src/report/figures/` draws each of them. */

export const FIGURE_KINDS = {
  devices: 'bars by device and engine, a panel per model',
  'input-length': 'a line per engine over input length, log axes, a panel per model',
  batch: 'a line per engine over batch size, log axes, a panel per model',
  precision: 'bars by precision and engine, a panel per model',
} as const satisfies Readonly<Record<string, string>>;

export type FigureKind = keyof typeof FIGURE_KINDS;

export const FIGURE_KIND_NAMES: readonly FigureKind[] = Object.keys(FIGURE_KINDS) as FigureKind[];

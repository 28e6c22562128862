/** A report format renders the report's data as text; it computes nothing. `say` gives what people read its language; JSON and CSV are English always. One line each in `registry.ts`. */
import type { Say } from '../../kernel/language.ts';
import type { Report } from '../model.ts';

export type ReportFormat = FileFormat | ScreenFormat;

/** Written into the run's folder. */
export interface FileFormat {
  readonly kind: 'files';
  readonly id: string;
  /** One line for help. */
  readonly summary: string;
  render(report: Report, say: Say): Promise<readonly ReportFile[]>;
}

/** Printed. */
export interface ScreenFormat {
  readonly kind: 'screen';
  readonly id: string;
  readonly summary: string;
  render(report: Report, screen: Screen, say: Say): string;
}

export interface ReportFile {
  /** File name inside the run's folder. */
  readonly name: string;
  readonly text: string;
}

export interface Screen {
  /** Whether escape sequences are understood (a terminal, and no NO_COLOR). */
  readonly colour: boolean;
  /** Columns; tables that are wider lose their least important columns, and say so. */
  readonly width: number;
}

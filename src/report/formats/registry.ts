/** The registry of report formats: one line each. */
import { csv } from './csv.ts';
import type { FileFormat, ReportFormat } from './format.ts';
import { json } from './json.ts';
import { markdown } from './markdown.ts';
import { terminal } from './terminal.ts';

export const FORMATS: readonly ReportFormat[] = [markdown, json, csv, terminal];

/** The formats that are written into the run's folder. */
export const FILE_FORMATS: readonly FileFormat[] = FORMATS.flatMap((format) =>
  format.kind === 'files' ? [format] : [],
);

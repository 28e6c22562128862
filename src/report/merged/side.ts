import type { ReportInput } from '../input.ts';
import type { Report } from '../model.ts';
import type { MergedMachine } from './model.ts';

/** One machine's run with its own report. */
export interface MergedSide {
  readonly input: ReportInput;
  readonly report: Report;
  readonly machine: MergedMachine;
}

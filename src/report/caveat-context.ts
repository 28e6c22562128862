/** What the rules of caveats look at. */
import type { JournalState } from '../journal/state.ts';
import type { CellSummary } from '../metrics/summarise.ts';
import type { Finding } from '../noise/finding.ts';
import type { ReportInput } from './input.ts';
import type { Caveat, Row } from './model.ts';

export interface CaveatContext {
  readonly input: ReportInput;
  readonly state: JournalState;
  readonly rows: readonly Row[];
  readonly summaries: ReadonlyMap<string, CellSummary>;
  /** What the speeds of the run say of the machine. */
  readonly findings: readonly Finding[];
}

/** One line, several, or none. */
export type CaveatRule = (context: CaveatContext) => readonly Caveat[];

/** The documented exit codes, in the words of the help and the docs. */
import { EXIT, type ExitCode } from '../kernel/errors.ts';

export const EXIT_CODES: readonly { readonly code: ExitCode; readonly meaning: string }[] = [
  { code: EXIT.ok, meaning: 'ok' },
  { code: EXIT.internal, meaning: 'internal error (a defect of Hayasa)' },
  { code: EXIT.badInput, meaning: 'bad input: options, study or checkpoint' },
  { code: EXIT.refusedByPlan, meaning: 'refused by the plan: memory, disk, nothing to measure' },
  { code: EXIT.finishedWithFailures, meaning: 'finished, and some cells failed (see the report)' },
  { code: EXIT.regression, meaning: 'slower than the baseline' },
  { code: EXIT.undecided, meaning: 'undecided: the intervals are too wide' },
  { code: EXIT.invalidMeasurement, meaning: 'invalid measurement' },
  { code: EXIT.interrupted, meaning: 'interrupted; what was measured is kept' },
];

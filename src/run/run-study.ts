/**
 * One invocation of a run: open it, measure what is left, close it. Budget, Ctrl-C and failures all end in a journal that a
 * report can be made from.
 */

import type { Host } from '../host/host.ts';
import { readJournal } from '../journal/read.ts';
import { JOURNAL_VERSION, type JournalRecord } from '../journal/records.ts';
import type { RunFolder } from '../journal/run-folder.ts';
import type { Plan } from '../plan/plan.ts';
import type { OnRunEvent } from './events.ts';
import { type Invocation, measureRun } from './measure-run.ts';
import { type OpenRun, openRun, type StudyInput } from './open-run.ts';
import {
  type Compared,
  comparedRepeats,
  contestGroups,
  type RepeatsOfRound,
  repeatsChooser,
} from './repeats.ts';
import type { RoundsOutcome } from './rounds.ts';
import { timeLimit } from './time-limit.ts';

export interface RunOptions extends StudyInput {
  readonly out: string | undefined;
  /** Overrides the study's budget, for this invocation. */
  readonly budget_ms: number | undefined;
  /** Changes the order of the plan before anything runs; must give the same for the same plan. */
  readonly arrange?: (plan: Plan) => Plan;
  /** Whether the journal's records answer the question, asked after each round. */
  readonly isEnough?: (records: readonly JournalRecord[]) => boolean;
  /** Cells that `isEnough` compares block by block: the repeats of their later launches are chosen from earlier rounds. */
  readonly compared?: Compared;
  /** Longest wait for a quiet machine before each launch; without it none is waited for. */
  readonly quietGate_ms?: number | undefined;
}

export interface RunResult {
  readonly folder: RunFolder;
  readonly outcome: RoundsOutcome | 'already-complete';
  /** Failures recorded by this invocation. */
  readonly failures: number;
}

/** @throws what `openRun` throws; anything later is recorded instead */
export async function runStudy(
  host: Host,
  options: RunOptions,
  onEvent: OnRunEvent,
  signal: AbortSignal,
): Promise<RunResult> {
  const begin_ns = host.clock.monotonic_ns();
  const opened = await openRun(host, options, options.out);
  const run = { ...opened, plan: options.arrange?.(opened.plan) ?? opened.plan };
  if (run.before.ended?.outcome === 'complete') {
    run.journal.close();
    return { folder: run.folder, outcome: 'already-complete', failures: 0 };
  }
  const budget_ms = options.budget_ms ?? run.study.budget_ms;
  const elapsed_ms = (): number => Number(host.clock.monotonic_ns() - begin_ns) / 1e6;
  run.journal.append({
    kind: 'run-started',
    journal: JOURNAL_VERSION,
    runId: run.environment.runId,
    hayasa: options.hayasaVersion,
    wallTime: host.clock.wallTime(),
    ...(budget_ms === undefined ? {} : { budget_ms: Math.round(budget_ms) }),
    ...(options.source === undefined ? {} : { source: options.source }),
    ...(options.isEnough === undefined
      ? {}
      : { looks: { first: run.study.rounds.minimum, maximum: run.study.rounds.maximum } }),
  });
  try {
    const { outcome, failures } = await measureRun(host, run, options.declarations, {
      onEvent,
      signal,
      time: timeLimit(budget_ms, elapsed_ms),
      isEnough: enoughOf(host, run, options.isEnough),
      quietGate_ms: options.quietGate_ms,
      repeatsOfRound: repeatsOf(host, run, options.compared),
    });
    run.journal.append({
      kind: 'run-ended',
      outcome,
      wallTime: host.clock.wallTime(),
      elapsed_ns: Math.round(elapsed_ms() * 1e6),
    });
    onEvent({ kind: 'finished', outcome, elapsed_ms: elapsed_ms() });
    return { folder: run.folder, outcome, failures };
  } finally {
    run.journal.sync();
    run.journal.close();
  }
}

/** Only where rounds are adaptive. */
function repeatsOf(host: Host, run: OpenRun, compared: Compared | undefined): RepeatsOfRound | undefined {
  const { until } = run.study.rounds;
  if (compared !== undefined) return comparedRepeats(host, run, compared);
  if (until === undefined) return undefined;
  return repeatsChooser(host, run, (state) => (until.decided ? contestGroups(run, state) : []));
}

/** Asks `isEnough` with the journal as it stands. */
function enoughOf(host: Host, run: OpenRun, isEnough: RunOptions['isEnough']): Invocation['isEnough'] {
  if (isEnough === undefined) return undefined;
  return () => {
    run.journal.sync();
    return isEnough(readJournal(host.files, run.folder.journal).records);
  };
}

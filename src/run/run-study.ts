/**
 * One invocation of a run: prepare, measure the roofs, make the references, go through the rounds, re-measure the
 * winners. Budget, Ctrl-C and failures all end in a journal that a report can be made from.
 */

import type { EngineDeclaration } from '../engines/declaration.ts';
import type { Executor } from '../executors/executor.ts';
import { createExecutor, defaultExecutorId } from '../executors/registry.ts';
import type { Host } from '../host/host.ts';
import { readJournal } from '../journal/read.ts';
import type { JournalRecord } from '../journal/records.ts';
import { JOURNAL_VERSION } from '../journal/records.ts';
import type { RunFolder } from '../journal/run-folder.ts';
import { asWords, type Words } from '../kernel/language.ts';
import { measureRoofs } from '../machine/roofs/roofs.ts';
import type { Plan, PlannedLaunch } from '../plan/plan.ts';
import { confirmWinners } from './confirm.ts';
import { costBook, learnFromJournal } from './costs.ts';
import type { OnRunEvent } from './events.ts';
import { evictFromJournal, evictor } from './evictor.ts';
import { type Gate, openGate } from './gate.ts';
import { launcher } from './launcher.ts';
import { looker } from './look.ts';
import { type OpenRun, openRun, type StudyInput } from './open-run.ts';
import { preparer } from './preparation.ts';
import { measureQualities } from './qualities.ts';
import {
  type Compared,
  comparedRepeats,
  contestGroups,
  type RepeatsOfRound,
  repeatsChooser,
} from './repeats.ts';
import { confirmReserve_ms } from './reserve.ts';
import { type RoundsOutcome, runRounds } from './rounds.ts';
import { textRecords } from './text-records.ts';
import { type TimeLimit, timeLimit } from './time-limit.ts';

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
    const { outcome, failures } = await measure(host, run, options.declarations, {
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

/** Quality begins no further model once this share of the budget is used. */
const QUALITY_SHARE = 0.25;

interface Invocation {
  readonly onEvent: OnRunEvent;
  readonly signal: AbortSignal;
  readonly time: TimeLimit;
  readonly quietGate_ms: number | undefined;
  readonly isEnough: (() => boolean) | undefined;
  readonly repeatsOfRound: RepeatsOfRound | undefined;
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

interface Measured {
  readonly outcome: RoundsOutcome;
  readonly failures: number;
}

async function measure(
  host: Host,
  run: OpenRun,
  declarations: readonly EngineDeclaration[],
  invocation: Invocation,
): Promise<Measured> {
  const { study, plan, journal, before } = run;
  const { onEvent, signal, time } = invocation;
  const { budget_ms } = time;
  onEvent({
    kind: 'run-planned',
    cells: plan.cells.length,
    launches: plan.launches.length * study.rounds.maximum,
    estimated_ms: plan.round_ms * study.rounds.maximum,
    launchesBefore: before.launches.length,
    ...(budget_ms === undefined ? {} : { budget_ms: Math.round(budget_ms) }),
  });
  const executors = executorCache(host);
  await roofsOnce(host, run, declarations, { onEvent, signal });
  const gate = openGate(executors, {
    record: (record) => {
      journal.append(record);
    },
    files: host.files,
    folder: run.folder.folder,
    time,
    signal,
    onProgress: (name, fraction) => {
      onEvent({ kind: 'stage', name, fraction });
    },
    onFailure: ({ id }, { cause, message }) => {
      onEvent({
        kind: 'failure',
        engine: id,
        precision: 'fp32',
        label: REFERENCE,
        cause,
        message: asWords(message),
      });
    },
  });
  try {
    return await measureCells(host, run, declarations, { ...invocation, executors, gate });
  } finally {
    gate.close();
  }
}

interface CheckedInvocation extends Invocation {
  readonly executors: (declaration: EngineDeclaration) => Executor;
  readonly gate: Gate;
}

/** Quality, rounds and confirmation: everything that the gate must stay open for. */
async function measureCells(
  host: Host,
  run: OpenRun,
  declarations: readonly EngineDeclaration[],
  invocation: CheckedInvocation,
): Promise<Measured> {
  const { study, plan, journal, before } = run;
  const { onEvent, signal, time, quietGate_ms, isEnough, repeatsOfRound } = invocation;
  const { budget_ms, left_ms } = time;
  const { executors, gate } = invocation;
  const interrupted = (): boolean => signal.aborted;
  const preparation = preparer({ host, run, declarations, gate, onEvent, signal, time });
  if (run.quality !== undefined) {
    for (const { name } of study.models) await preparation.makeCheckpoint(name);
    if (interrupted()) return { outcome: 'interrupted', failures: 0 };
  }
  await measureQualities(host, run, declarations, {
    executorOf: executors,
    onEvent,
    interrupted,
    time,
    isLate: () => budget_ms !== undefined && (left_ms() ?? 0) < (1 - QUALITY_SHARE) * budget_ms,
  });
  const text = textRecords({
    texts: run.texts,
    seed: study.seed,
    clock: host.clock,
    before,
    append: journal.append,
  });
  text.begin(plan);
  const costs = costBook();
  learnFromJournal(costs, plan, before);
  const launches = launcher({
    host,
    run,
    declarations,
    executorOf: executors,
    gate,
    text,
    onEvent,
    signal,
    time,
    quietGate_ms,
    repeatsOfRound,
  });
  const reserve_ms = (): number =>
    study.rounds.confirm === 0 ? 0 : confirmReserve_ms(run, costs, budget_ms);
  const copies =
    plan.copies === undefined ? undefined : evictor(host.files, host.system.cacheFolder, journal.append);
  if (copies !== undefined) evictFromJournal(copies, plan, before);
  const rounds = {
    study,
    plan,
    before,
    costs,
    onEvent,
    interrupted,
    record: journal.append,
    isGivenUp: launches.isGivenUp,
    prepare: (launch: PlannedLaunch, left: ReadonlySet<string>) =>
      preparation.prepare(launch.identity.model, (cellKey) => !left.has(cellKey)),
    evictor: copies,
    run: launches.run,
    ...(study.rounds.until === undefined ? {} : { look: looker(host, run, study.rounds.until) }),
  };
  const outcome = await runRounds({
    ...rounds,
    isEnough,
    remaining_ms: (round) => {
      const left = left_ms();
      return left === undefined || round === 0 ? left : left - reserve_ms();
    },
  });
  if (outcome === 'interrupted' || study.rounds.confirm === 0)
    return { outcome, failures: launches.failures() };
  onEvent({
    kind: 'phase-changed',
    phase: 'confirm',
    reason: {
      en: 'the winners are measured again in fresh launches',
      ja: '勝者を新しい起動で再測定',
    },
  });
  const confirmed = await confirmWinners(host, run, { ...rounds, remaining_ms: left_ms });
  return { outcome: confirmed === 'complete' ? outcome : confirmed, failures: launches.failures() };
}

const REFERENCE: Words = { en: 'reference', ja: '参照' };

/** One executor per kind: it may hold connections. */
function executorCache(host: Host): (declaration: EngineDeclaration) => Executor {
  const executors = new Map<string, Executor>();
  return (declaration) => {
    const id = defaultExecutorId(declaration);
    const executor = executors.get(id) ?? createExecutor(id, host);
    executors.set(id, executor);
    return executor;
  };
}

/** Roofs of the run, unless an earlier invocation measured them or every engine is simulated. */
async function roofsOnce(
  host: Host,
  run: OpenRun,
  declarations: readonly EngineDeclaration[],
  { onEvent, signal }: Pick<Invocation, 'onEvent' | 'signal'>,
): Promise<void> {
  const real = declarations.some(
    ({ id, worker }) =>
      worker.kind !== 'in-process' && run.plan.launches.some(({ identity }) => identity.engine === id),
  );
  if (run.before.roofs !== undefined || !real || signal.aborted) return;
  onEvent({ kind: 'stage', name: { en: 'roofs of this machine', ja: 'このマシンのルーフ' }, fraction: 0 });
  const { roofs } = await measureRoofs(host, 'full', run.environment.planMachine.logicalCpus, signal);
  // The next invocation measures them whole.
  if (signal.aborted) return;
  run.journal.append({ kind: 'roofs', roofs, scope: 'run' });
}

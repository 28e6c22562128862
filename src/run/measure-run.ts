/**
 * What one invocation measures: the roofs, the references, the quality of each model, the rounds, and the winners once
 * more.
 */

import type { EngineDeclaration } from '../engines/declaration.ts';
import type { Executor } from '../executors/executor.ts';
import { createExecutor, defaultExecutorId } from '../executors/registry.ts';
import type { Host } from '../host/host.ts';
import { asWords, type Words } from '../kernel/language.ts';
import type { PlannedLaunch } from '../plan/plan.ts';
import { confirmWinners } from './confirm.ts';
import { costBook, learnFromJournal } from './costs.ts';
import type { OnRunEvent } from './events.ts';
import { evictFromJournal, evictor } from './evictor.ts';
import { type Gate, openGate } from './gate.ts';
import { launcher } from './launcher.ts';
import { leaders } from './leaders.ts';
import { looker } from './look.ts';
import type { OpenRun } from './open-run.ts';
import { preparer } from './preparation.ts';
import { measureQualities } from './qualities.ts';
import type { RepeatsOfRound } from './repeats.ts';
import { confirmReserve_ms } from './reserve.ts';
import { roofsOnce } from './roofs-once.ts';
import { type RoundsOutcome, runRounds } from './rounds.ts';
import { stateSoFar } from './state-so-far.ts';
import { textRecords } from './text-records.ts';
import type { TimeLimit } from './time-limit.ts';

/** Quality begins no further model once this share of the budget is used. */
const QUALITY_SHARE = 0.25;

export interface Invocation {
  readonly onEvent: OnRunEvent;
  readonly signal: AbortSignal;
  readonly time: TimeLimit;
  /** Longest wait for a quiet machine before each launch. */
  readonly quietGate_ms: number | undefined;
  /** Whether the journal answers the question, asked after each round. */
  readonly isEnough: (() => boolean) | undefined;
  /** Only where rounds are adaptive. */
  readonly repeatsOfRound: RepeatsOfRound | undefined;
}

export interface Measured {
  readonly outcome: RoundsOutcome;
  /** Failures recorded by this invocation. */
  readonly failures: number;
}

/** All that is left of the run, as far as the time goes. */
export async function measureRun(
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
    leaders: () => leaders(plan, stateSoFar(host, run)),
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

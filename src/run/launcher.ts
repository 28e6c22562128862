/**
 * Turns a planned launch at a place into a running one: its request, its deadlines, its id, the gate's checks, and what
 * its failures mean for later rounds.
 */

import { type EngineDeclaration, totalBytes } from '../engines/declaration.ts';
import type { Executor } from '../executors/executor.ts';
import type { Host } from '../host/host.ts';
import { placeKey } from '../journal/progress.ts';
import type { Place } from '../journal/state.ts';
import { asWords, inEvery } from '../kernel/language.ts';
import { machineGauges } from '../machine/gauges.ts';
import { measureRoofs } from '../machine/roofs/roofs.ts';
import { disturbances } from '../noise/disturbance.ts';
import type { PlannedLaunch } from '../plan/plan.ts';
import { knownLimits } from '../plan/token-limits.ts';
import type { Failure, FailureCause } from '../protocol/failure.ts';
import { stageWords } from '../protocol/stage-words.ts';
import { cellOrder } from '../schedule/order.ts';
import { mayRemeasure } from '../schedule/remeasure.ts';
import { isSteady } from '../schedule/steady.ts';
import type { OnRunEvent } from './events.ts';
import type { Gate } from './gate.ts';
import { cellLabel } from './labels.ts';
import { launchEnvironment, loadRequest } from './launch-request.ts';
import type { LaunchCell, LaunchResult } from './launch-task.ts';
import type { OpenRun } from './open-run.ts';
import { requestOf } from './prompts.ts';
import { awaitQuietAloud } from './quiet-gate.ts';
import type { RepeatsOfRound } from './repeats.ts';
import { runLaunch } from './run-launch.ts';
import type { TextRecords } from './text-records.ts';
import { promptSource } from './texts.ts';
import { throughputOf } from './throughput-of.ts';
import type { TimeLimit } from './time-limit.ts';

export interface Launcher {
  run(
    launch: PlannedLaunch,
    cellKeys: readonly string[],
    place: Place,
    attempt: number,
  ): Promise<LaunchResult>;
  /** Cells that get no further launch: the failure is certain to repeat, or repeated. */
  isGivenUp(cellKey: string): boolean;
  failures(): number;
}

export interface LauncherInput {
  readonly host: Host;
  readonly run: OpenRun;
  readonly declarations: readonly EngineDeclaration[];
  readonly executorOf: (declaration: EngineDeclaration) => Executor;
  readonly gate: Gate;
  readonly text: TextRecords;
  readonly onEvent: OnRunEvent;
  readonly signal: AbortSignal;
  /** Where the budget is spent to the last, the running launch ends. */
  readonly time: TimeLimit;
  /** Longest wait for a quiet machine before each launch; undefined: none. */
  readonly quietGate_ms: number | undefined;
  /** Where rounds are adaptive: repeats at most of the ordinary rounds, chosen from earlier ones. */
  readonly repeatsOfRound: RepeatsOfRound | undefined;
}

/** These repeat for certain; anything else gets a second chance in a later round. */
const CERTAIN: ReadonlySet<FailureCause> = new Set([
  'unsupported',
  'out-of-memory',
  'bad-checkpoint',
  'disk',
]);
const START_DEADLINE_MS = 60_000;
const LOAD_DEADLINE_MS = 1_800_000;

export function launcher(input: LauncherInput): Launcher {
  const { host, run, text, onEvent, signal, time } = input;
  const { study, journal } = run;
  const gauges = machineGauges(host);
  const models = new Map(run.models.map((model) => [model.name, model]));
  const failed = failuresBefore(run);
  const launchesOfRound = run.plan.launches.length;
  let started = 0;
  let failures = 0;

  /** The machine right after a launch, as a probe that compares with the other launches' probes; its time in ms. */
  const probe = async (launch: string, declaration: EngineDeclaration, threads: number): Promise<number> => {
    if (declaration.worker.kind === 'in-process' || signal.aborted) return 0;
    const begin_ns = host.clock.monotonic_ns();
    const { roofs } = await measureRoofs(host, 'quick', threads);
    journal.append({ kind: 'roofs', roofs, scope: 'launch', launch });
    return Number(host.clock.monotonic_ns() - begin_ns) / 1e6;
  };

  /** Waits for a quiet machine where that was asked for; the wait in ms. */
  const quiet = async (launch: string, declaration: EngineDeclaration): Promise<number> => {
    const bound_ms = Math.min(input.quietGate_ms ?? 0, time.left_ms() ?? Number.POSITIVE_INFINITY);
    // A simulated engine does not notice the machine.
    if (bound_ms <= 0 || declaration.worker.kind === 'in-process') return 0;
    const openWindow = () => gauges.openNoiseWindow(undefined);
    const record = await awaitQuietAloud(
      launch,
      { clock: host.clock, openWindow, bound_ms, signal },
      onEvent,
    );
    journal.append(record);
    return record.waited_ns / 1e6;
  };

  return {
    failures: () => failures,
    isGivenUp: (cellKey) => {
      const known = failed.get(cellKey) ?? [];
      return known.length >= 2 || known.some((failure) => CERTAIN.has(failure.cause));
    },
    run: async (launch, cellKeys, place, attempt) => {
      const { identity } = launch;
      const declaration = input.declarations.find((candidate) => candidate.id === identity.engine);
      const model = models.get(identity.model);
      if (declaration === undefined || model === undefined)
        throw new RangeError(`launch ${launch.key} has no engine or model`);
      const limits = knownLimits(model);
      const source = promptSource(run.texts, model.name);
      const chosen = place.phase === 'explore' ? input.repeatsOfRound?.(place.round) : undefined;
      const ordered = launch.anyOrder
        ? cellOrder(launch.cells, study.seed, place.block, place.round)
        : launch.cells;
      const cells = ordered
        .filter((cell) => cellKeys.includes(cell.cellKey))
        .map(
          ({ cell, cellKey, memory, estimated_ms }): LaunchCell => ({
            cell,
            cellKey,
            memoryBytes: totalBytes(memory),
            request: requestOf(cell, limits, source, study.seed, estimated_ms),
            repeatsAtMost: chosen?.get(cellKey),
          }),
        );
      const id = `${placeKey(place)}/${attempt}`;
      onEvent({
        kind: 'launch-started',
        engine: identity.engine,
        precision: identity.precision,
        model: identity.model,
        round: place.round + 1,
        index: (started % launchesOfRound) + 1,
        of: launchesOfRound,
      });
      started += 1;
      let current: LaunchCell | undefined = cells[0];
      text.tokenise(id, model.name, cells);
      const waited_ms = await quiet(id, declaration);
      if (signal.aborted) {
        onEvent({ kind: 'launch-ended', outcome: 'interrupted' });
        return {
          outcome: 'interrupted',
          unserved: [],
          cellTimes_ms: new Map(),
          once_ms: 0,
          total_ms: waited_ms,
        };
      }
      const result = await runLaunch(
        {
          launch: id,
          ...place,
          declaration,
          engineVersion: identity.engineVersion,
          environment: launchEnvironment(declaration, identity),
          load: loadRequest(launch, cells, model.path, host.system.cacheFolder),
          cells,
          startDeadline_ms: START_DEADLINE_MS,
          loadDeadline_ms: LOAD_DEADLINE_MS,
        },
        {
          clock: host.clock,
          wallTime: () => host.clock.wallTime(),
          executor: input.executorOf(declaration),
          gauges,
          signal,
          phase: place.phase,
          interrupted: () => signal.aborted || time.isUp(),
          record: (record) => {
            text.note(record);
            journal.append(record);
          },
          sync: journal.sync,
          policy: {
            repeats: study.repeats.minimum,
            maximumRepeats: study.repeats.maximum,
            minimumWindow_ms: study.repeats.window_ms,
            maximumWarmUps: study.warmUp.maximum,
            warmUpTokens: study.warmUp.tokens,
            isSteady,
            disturbances,
            mayRemeasure,
          },
          time,
          onCell: (cell) => {
            current = cell;
          },
          onRepeat: (sample) => {
            if (current === undefined) return;
            onEvent({
              kind: 'repeat',
              cellKey: current.cellKey,
              label: cellLabel(current.cell),
              throughput: throughputOf(sample),
            });
          },
          afterCell: (handle, cell, outcome) => input.gate.afterCell(handle, cell, outcome, id, cells),
          onProgress: (name, fraction) => {
            onEvent({
              kind: 'stage',
              name: inEvery((say) => `${identity.engine} ${identity.precision}: ${say(stageWords(name))}`),
              fraction,
            });
          },
          onFailure: (failure, cellKey) => {
            failures += 1;
            if (cellKey !== undefined) failed.set(cellKey, [...(failed.get(cellKey) ?? []), failure]);
            const { cause, message } = failure;
            onEvent({
              kind: 'failure',
              engine: identity.engine,
              precision: identity.precision,
              cause,
              message: asWords(message),
              ...(cellKey === undefined ? {} : { cellKey }),
            });
          },
        },
      );
      text.decode(model.name);
      const probed_ms = await probe(id, declaration, identity.threads);
      onEvent({ kind: 'launch-ended', outcome: result.outcome });
      return { ...result, total_ms: result.total_ms + waited_ms + probed_ms };
    },
  };
}

/** Failures of earlier invocations, by cell. A full disk can be freed, and is tried again. */
function failuresBefore({ before }: OpenRun): Map<string, Failure[]> {
  const failed = new Map<string, Failure[]>();
  for (const { cells } of before.launches) {
    for (const { cellKey, failures } of cells.values()) {
      const lasting = failures.filter(({ cause }) => cause !== 'disk');
      failed.set(cellKey, [...(failed.get(cellKey) ?? []), ...lasting]);
    }
  }
  return failed;
}

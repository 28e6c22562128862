/**
 * What the journal's records amount to: launches with what each cell of them gave. A pure reduction; resuming, metrics
 * and reports read this index and nothing else.
 *
 * A *place* is (phase, round, block, position): the one launch that the schedule wanted there. A launch that was cut
 * short leaves its place unfinished; the next invocation fills it with another launch, which serves only the cells that
 * the place still lacks. So one place gives one cell one launch mean: repeats of a launch that was cut short count only
 * while no later launch has finished that cell there.
 */
import type { Words } from '../kernel/language.ts';
import { packed } from './pack-repeats.ts';
import { type PackedRepeats, type ReadRecord, repeatCount } from './packed-repeats.ts';
import type { CellMemory, Noise, Roofs } from './record-parts.ts';
import type { JournalRecord } from './records.ts';

type RecordOf<K extends JournalRecord['kind']> = Extract<JournalRecord, { readonly kind: K }>;
export type Phase = RecordOf<'launch-started'>['phase'];

export interface Place {
  readonly phase: Phase;
  readonly round: number;
  readonly block: number;
  readonly position: number;
}

/** One cell in one launch. */
export interface LaunchCellState {
  readonly cellKey: string;
  readonly warmUp: RecordOf<'warmed-up'> | undefined;
  readonly tokenised: RecordOf<'tokenised'> | undefined;
  /** In their order. */
  readonly repeats: readonly PackedRepeats[];
  /** Present once the cell's repeats were complete. */
  readonly measured:
    | {
        readonly noise: Noise;
        readonly memory: CellMemory | undefined;
        readonly memoryMissing: Words | undefined;
      }
    | undefined;
  readonly failures: readonly RecordOf<'failure'>['failure'][];
}

export interface LaunchState {
  readonly launch: string;
  readonly place: Place;
  readonly started: RecordOf<'launch-started'>;
  readonly ready: RecordOf<'launch-ready'> | undefined;
  readonly loaded: RecordOf<'launch-loaded'> | undefined;
  readonly roofs: Roofs | undefined;
  readonly cells: ReadonlyMap<string, LaunchCellState>;
  /** Failures that belong to the launch and not to one cell. */
  readonly failures: readonly RecordOf<'failure'>['failure'][];
  /** `open`: the journal ends inside it (the process was killed). */
  readonly outcome: 'complete' | 'failed' | 'interrupted' | 'open';
}

export interface JournalState {
  readonly runId: string | undefined;
  /** One per invocation of `run`. */
  readonly invocations: readonly RecordOf<'run-started'>[];
  readonly ended: RecordOf<'run-ended'> | undefined;
  /** In the order in which they started. */
  readonly launches: readonly LaunchState[];
  /** Roofs of the run, the last measured. */
  readonly roofs: Roofs | undefined;
  /** Token ids by digest. */
  readonly tokens: ReadonlyMap<string, readonly (readonly number[])[]>;
  /** Prompts that were cut from a text. */
  readonly prompts: readonly RecordOf<'prompts'>[];
  /** Characters of generated tokens, by `decodedKey`. */
  readonly decoded: ReadonlyMap<string, number>;
  readonly agreements: readonly RecordOf<'agreement'>[];
  /** By `qualityKey`, the latest of each. */
  readonly qualities: ReadonlyMap<string, RecordOf<'quality'>>;
  readonly copiesRemoved: readonly RecordOf<'copies-removed'>[];
  readonly dropped: readonly RecordOf<'cell-dropped'>[];
  /** Cells that had enough launches before the maximum of rounds. */
  readonly settled: readonly RecordOf<'cell-settled'>[];
  /** Waits for a quiet machine, in their order. */
  readonly quietGates: readonly RecordOf<'quiet-gate'>[];
  /** Failures that belong to no launch: the reference of the correctness gate. */
  readonly otherFailures: readonly RecordOf<'failure'>['failure'][];
  /** References that the last invocation had no time for. */
  readonly referencesLeftOut: readonly RecordOf<'reference-left-out'>[];
}

/** The same tokens may stand for different texts in two models. */
export const decodedKey = (model: string, tokensDigest: string): string => `${model}\n${tokensDigest}`;

/** The reference may be loaded as a cell is, and is scored apart. */
export const qualityKey = (role: RecordOf<'quality'>['role'], identity: string): string =>
  `${role} ${identity}`;

/** Reduces `records`, in their order in the journal, to the index. A repeat that stands twice counts once. */
export function journalState(records: readonly ReadRecord[]): JournalState {
  const invocations: RecordOf<'run-started'>[] = [];
  const launches: MutableLaunch[] = [];
  const byId = new Map<string, MutableLaunch>();
  const tokens = new Map<string, readonly (readonly number[])[]>();
  const prompts: RecordOf<'prompts'>[] = [];
  const decoded = new Map<string, number>();
  const agreements: RecordOf<'agreement'>[] = [];
  const qualities = new Map<string, RecordOf<'quality'>>();
  const copiesRemoved: RecordOf<'copies-removed'>[] = [];
  const dropped: RecordOf<'cell-dropped'>[] = [];
  const settled: RecordOf<'cell-settled'>[] = [];
  const quietGates: RecordOf<'quiet-gate'>[] = [];
  const otherFailures: RecordOf<'failure'>['failure'][] = [];
  let referencesLeftOut: RecordOf<'reference-left-out'>[] = [];
  let ended: RecordOf<'run-ended'> | undefined;
  let roofs: Roofs | undefined;
  for (const record of packed(records)) {
    switch (record.kind) {
      case 'run-started':
        invocations.push(record);
        ended = undefined;
        referencesLeftOut = [];
        break;
      case 'launch-started': {
        const launch = newLaunch(record);
        launches.push(launch);
        byId.set(record.launch, launch);
        break;
      }
      case 'roofs':
        if (record.scope === 'run') roofs = record.roofs;
        else if (record.launch !== undefined) assign(byId.get(record.launch), { roofs: record.roofs });
        break;
      case 'launch-ready':
        assign(byId.get(record.launch), { ready: record });
        break;
      case 'launch-loaded':
        assign(byId.get(record.launch), { loaded: record });
        break;
      case 'warmed-up':
        assign(cellOf(byId, record), { warmUp: record });
        break;
      case 'tokens':
        tokens.set(record.tokensDigest, record.tokens);
        break;
      case 'prompts':
        prompts.push(record);
        break;
      case 'tokenised':
        assign(cellOf(byId, record), { tokenised: record });
        break;
      case 'decoded':
        decoded.set(decodedKey(record.model, record.tokensDigest), record.characters);
        break;
      case 'repeats':
        addRepeats(cellOf(byId, record), record);
        break;
      case 'cell-measured': {
        const { noise, memory, memoryMissing } = record;
        assign(cellOf(byId, record), { measured: { noise, memory, memoryMissing } });
        break;
      }
      case 'agreement':
        agreements.push(record);
        break;
      case 'quality': {
        // An attempt that failed takes nothing from one that gave a figure for the same text.
        const key = qualityKey(record.role, record.identity);
        const known = qualities.get(key);
        const isWorse = record.measured === undefined && known?.measured !== undefined;
        if (!isWorse || known.text.hash !== record.text.hash) qualities.set(key, record);
        break;
      }
      case 'failure': {
        const { cellKey } = record;
        const owner =
          cellKey === undefined ? byId.get(record.launch) : cellOf(byId, { launch: record.launch, cellKey });
        (owner?.failures ?? otherFailures).push(record.failure);
        break;
      }
      case 'launch-ended':
        assign(byId.get(record.launch), { outcome: record.outcome });
        break;
      case 'quiet-gate':
        quietGates.push(record);
        break;
      case 'reference-left-out':
        referencesLeftOut.push(record);
        break;
      case 'copies-removed':
        copiesRemoved.push(record);
        break;
      case 'cell-dropped':
        dropped.push(record);
        break;
      case 'cell-settled':
        settled.push(record);
        break;
      case 'run-ended':
        ended = record;
        break;
    }
  }
  return {
    runId: invocations[0]?.runId,
    invocations,
    ended,
    launches,
    roofs,
    tokens,
    prompts,
    decoded,
    agreements,
    qualities,
    copiesRemoved,
    dropped,
    settled,
    quietGates,
    otherFailures,
    referencesLeftOut,
  };
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type MutableCell = Mutable<Omit<LaunchCellState, 'repeats' | 'failures'>> & {
  readonly repeats: PackedRepeats[];
  readonly failures: RecordOf<'failure'>['failure'][];
};
type MutableLaunch = Mutable<Omit<LaunchState, 'cells' | 'failures'>> & {
  readonly cells: Map<string, MutableCell>;
  readonly failures: RecordOf<'failure'>['failure'][];
};

function newLaunch(started: RecordOf<'launch-started'>): MutableLaunch {
  const { launch, phase, round, block, position } = started;
  return {
    launch,
    place: { phase, round, block, position },
    started,
    ready: undefined,
    loaded: undefined,
    roofs: undefined,
    cells: new Map(),
    failures: [],
    outcome: 'open',
  };
}

function cellOf(
  byId: ReadonlyMap<string, MutableLaunch>,
  at: { readonly launch: string; readonly cellKey: string },
): MutableCell | undefined {
  const launch = byId.get(at.launch);
  if (launch === undefined) return undefined;
  const known = launch.cells.get(at.cellKey);
  if (known !== undefined) return known;
  const cell: MutableCell = {
    cellKey: at.cellKey,
    warmUp: undefined,
    tokenised: undefined,
    repeats: [],
    measured: undefined,
    failures: [],
  };
  launch.cells.set(at.cellKey, cell);
  return cell;
}

/** Those that go on where the cell's stop. */
function addRepeats(cell: MutableCell | undefined, group: PackedRepeats): void {
  if (cell === undefined) return;
  const known = repeatCount(cell.repeats);
  const { first, begins } = group;
  if (known < first || known >= first + begins.length) return;
  cell.repeats.push(
    known === first ? group : { ...group, first: known, begins: begins.subarray(known - first) },
  );
}

function assign<T extends object>(target: T | undefined, change: Partial<T>): void {
  if (target !== undefined) Object.assign(target, change);
}

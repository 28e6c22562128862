/** The journal of a simulated study with its facts written in, launch by launch, as a real launch would have left them. */
import { noiseOf } from '../../src/engines/sim/noise.ts';
import { simOptions } from '../../src/engines/sim/options.ts';
import type { ReadRecord } from '../../src/journal/packed-repeats.ts';
import type { FailureCause } from '../../src/protocol/failure.ts';
import type { ReportCell } from '../../src/report/input.ts';
import { type Facts, LOAD_RATIO, MEMORY_RATIO, SETTING } from './facts.ts';
import type { NoiseOptions } from './noises.ts';

type Started = Extract<ReadRecord, { readonly kind: 'launch-started' }>;

/** Of engine b at batch 0, and what each sequence adds to it. */
const [BASE_BYTES, SEQUENCE_BYTES] = [100e6, 25e6];
const START_NS = 5e8;

/** `records` with `facts` in them; `cells` are those of the study. */
export function withFacts(
  records: readonly ReadRecord[],
  cells: readonly ReportCell[],
  facts: Facts,
  noise: NoiseOptions,
): ReadRecord[] {
  const byKey = new Map(cells.map((cell) => [cell.cellKey, cell]));
  const starts = new Map(
    records.flatMap((record) => (record.kind === 'launch-started' ? [[record.launch, record] as const] : [])),
  );
  const factor = factors(noise);
  return records.flatMap((record) => {
    const started = 'launch' in record ? starts.get(record.launch ?? '') : undefined;
    const cell = byKey.get(started?.cellKeys[0] ?? '');
    if (started === undefined || cell === undefined) return [record];
    const cause = failureOf(cell, started, facts);
    return cause === undefined ? [read(record, started, cell, byKey, facts, factor)] : failed(record, cause);
  });
}

/** What `thing` of a launch is multiplied by: the noise of the study, drawn for it alone. */
type Factor = (started: Started, thing: string) => number;

function factors(noise: NoiseOptions): Factor {
  const options = simOptions.parse(noise);
  return ({ launch, requested_ns }, thing) =>
    noiseOf(options, `${thing} of ${launch}`).next(BigInt(requested_ns));
}

function failureOf(
  { engineLabel, cell }: ReportCell,
  { round }: Started,
  { fates }: Facts,
): FailureCause | undefined {
  if (engineLabel !== 'c') return undefined;
  const fate = cell.precision === 'w8' ? fates.w8 : fates.w4;
  if (fate.kind === 'works') return undefined;
  return fate.kind === 'fails' || round === 0 ? fate.cause : undefined;
}

/** What a launch that failed while it loaded does not leave. */
const LATER: ReadonlySet<string> = new Set(['warmed-up', 'repeat', 'repeats', 'cell-measured']);

/** A launch that failed while it loaded, which is where conversion happens. */
function failed(record: ReadRecord, cause: FailureCause): ReadRecord[] {
  if (record.kind === 'launch-loaded')
    return [{ kind: 'failure', launch: record.launch, failure: { cause, message: 'while converting' } }];
  if (record.kind === 'launch-ended') return [{ ...record, outcome: 'failed' }];
  return LATER.has(record.kind) ? [] : [record];
}

/** What was read of a launch that worked. */
function read(
  record: ReadRecord,
  started: Started,
  { engineLabel }: ReportCell,
  cells: ReadonlyMap<string, ReportCell>,
  facts: Facts,
  factor: Factor,
): ReadRecord {
  const ready_ns = BigInt(started.requested_ns) + BigInt(Math.round(START_NS * factor(started, 'start')));
  if (record.kind === 'launch-ready') return { ...record, ready_ns: String(ready_ns) };
  if (record.kind === 'launch-loaded') {
    const load_ns = BigInt(Math.round(LOAD_RATIO * START_NS * factor(started, 'load')));
    const { effective } = record;
    return {
      ...record,
      requested_ns: String(ready_ns),
      loaded_ns: String(ready_ns + load_ns),
      effective: { ...effective, settings: { ...effective.settings, ...reported(started.round, facts) } },
    };
  }
  if (record.kind !== 'cell-measured') return record;
  const { memoryMissing: _, ...rest } = record;
  const batch = cells.get(record.cellKey)?.cell.batch ?? 0;
  const exact = (BASE_BYTES + batch * SEQUENCE_BYTES) * (engineLabel === 'a' ? MEMORY_RATIO : 1);
  const shared = factor(started, 'memory');
  const bytes = Math.round(exact * shared * factor(started, `memory for ${record.cellKey}`));
  return {
    ...rest,
    memory: { peakResidentBytes: bytes, residentBytes: bytes, proportionalBytes: bytes },
  };
}

/** What a launch says of the setting. */
function reported(round: number, { report, oddRound }: Facts): Readonly<Record<string, number>> {
  const isOdd = round === oddRound;
  if (report === 'silent' || (report === 'one-silent' && isOdd)) return {};
  return { [SETTING]: report === 'one-differs' && isOdd ? 12 : 0 };
}

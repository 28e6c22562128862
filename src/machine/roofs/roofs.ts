/**
 * Practical roofs of this machine, measured by a process of its own: memory read and matrix multiply per dtype. Two
 * modes: `full` for the doctor and the start of a run, `quick` as a probe before each launch (same methods, smaller,
 * so that its figures compare with each other and not with the full ones).
 */
import { fileURLToPath } from 'node:url';
import type { Host } from '../../host/host.ts';
import { type SpawnedProcess, spawnProcess } from '../../host/processes.ts';
import type { Roofs } from '../../journal/record-parts.ts';
import type { Words } from '../../kernel/language.ts';
import { presentValue } from '../../kernel/maybe.ts';
import { readMachineFacts } from '../facts.ts';
import { type RoofMeasurement, type RoofRequest, roofMeasurementSchema } from './measurement.ts';
import { bufferSize } from './memory-read.ts';

export interface RoofsReport {
  readonly roofs: Roofs;
  /** How each was measured, by name (`memory`, `float32`, ...). */
  readonly methods: Readonly<Record<string, Words>>;
  /** What could not be measured and why. */
  readonly failures: Readonly<Record<string, Words>>;
}

export type RoofMode = 'full' | 'quick';

const MODES: Readonly<
  Record<RoofMode, Omit<RoofRequest, 'threads' | 'bufferBytes'> & { minimumBytes: number }>
> = {
  full: {
    minimumBytes: 512 * 2 ** 20,
    size: 1536,
    dtypes: ['float32', 'int8', 'int4'],
    minimumRepeats: 5,
    duration_ms: 800,
  },
  quick: { minimumBytes: 128 * 2 ** 20, size: 512, dtypes: ['float32'], minimumRepeats: 3, duration_ms: 25 },
};
const DEADLINE_MS: Readonly<Record<RoofMode, number>> = { full: 60_000, quick: 20_000 };

const NOT_BUILT: Words = {
  en: 'the measuring process is not built (npm run build)',
  ja: '測定用のプロセスがビルドされていません（npm run build）',
};

/** Compiled code finds the entry beside itself; sources (under test) find it in the build. */
const ENTRY: string = fileURLToPath(
  new URL(
    import.meta.url.endsWith('.ts') ? '../../../dist/src/machine/roofs/worker.js' : './worker.js',
    import.meta.url,
  ),
);

/**
 * Never throws for what the process does: what it could not measure stands in `failures`. Ends at once, with what was
 * measured until then, when `signal` aborts.
 */
export async function measureRoofs(
  host: Host,
  mode: RoofMode,
  threads: number,
  signal?: AbortSignal,
): Promise<RoofsReport> {
  const { minimumBytes, ...rest } = MODES[mode];
  const expected = ['memory', ...rest.dtypes];
  if (host.files.kind(ENTRY) !== 'file') {
    return reportOf(threads, [], NOT_BUILT, expected);
  }
  const request: RoofRequest = { ...rest, threads, bufferBytes: bufferBytes(host, mode, minimumBytes) };
  const child = spawnProcess({
    command: process.execPath,
    args: [ENTRY, JSON.stringify(request)],
    // libuv's pool has 4 threads unless told otherwise, and makes them when the process starts.
    environment: { ...host.system.environment, UV_THREADPOOL_SIZE: String(Math.max(4, threads)) },
  });
  const { lines, outcome } = await untilEnd(host, child, DEADLINE_MS[mode], signal);
  return reportOf(threads, lines.flatMap(parseMeasurement), outcome, expected);
}

/** The quick probe keeps to a size of its own: eight times a large cache would take longer than the probe may. */
function bufferBytes(host: Host, mode: RoofMode, minimumBytes: number): number {
  const facts = readMachineFacts(host);
  const caches = presentValue(facts.cpu.caches) ?? [];
  const largestBytes = Math.max(0, ...caches.map(({ bytes }) => bytes));
  const availableBytes = presentValue(facts.memory.availableBytes) ?? facts.memory.totalBytes;
  return bufferSize(minimumBytes, mode === 'full' ? largestBytes : largestBytes / 2, availableBytes);
}

async function untilEnd(
  { clock }: Host,
  child: SpawnedProcess,
  deadline_ms: number,
  signal: AbortSignal | undefined,
): Promise<{ readonly lines: readonly string[]; readonly outcome: Words }> {
  const chunks: Uint8Array[] = [];
  child.channel.onData((chunk) => chunks.push(chunk));
  const closed = new Promise<void>((resolve) => child.channel.onClose(resolve));
  const timer = new AbortController();
  const kill = (): void => {
    child.signalGroup('SIGKILL');
  };
  signal?.addEventListener('abort', kill);
  const ended = await Promise.race([
    child.exit,
    clock.sleep(deadline_ms, timer.signal).then(() => ({ kind: 'late' }) as const),
  ]);
  timer.abort();
  signal?.removeEventListener('abort', kill);
  if (ended.kind === 'late') kill();
  if (ended.kind !== 'not-started') await closed;
  const lines = Buffer.concat(chunks).toString('utf8').split('\n');
  return { lines, outcome: describeEnd(ended) };
}

function describeEnd(ended: Awaited<SpawnedProcess['exit']> | { readonly kind: 'late' }): Words {
  switch (ended.kind) {
    case 'exited':
      return {
        en: `the measuring process ended with code ${ended.code}`,
        ja: `測定用のプロセスがコード ${ended.code} で終わりました`,
      };
    case 'signalled':
      return {
        en: `the measuring process was ended by ${ended.signal}`,
        ja: `測定用のプロセスが ${ended.signal} で終わらされました`,
      };
    case 'not-started':
      return {
        en: `the measuring process did not start: ${ended.message}`,
        ja: `測定用のプロセスが起動しません: ${ended.message}`,
      };
    case 'late':
      return { en: 'the measuring process took too long', ja: '測定用のプロセスに時間がかかりすぎました' };
  }
}

function parseMeasurement(line: string): RoofMeasurement[] {
  if (line === '') return [];
  try {
    const parsed = roofMeasurementSchema.safeParse(JSON.parse(line));
    return parsed.success ? [parsed.data] : [];
  } catch {
    // A line that was cut off by the end of the process.
    return [];
  }
}

/** `outcome`: why anything that was `expected` and is not among the measurements is missing. */
export function reportOf(
  threads: number,
  measurements: readonly RoofMeasurement[],
  outcome: Words,
  expected: readonly string[],
): RoofsReport {
  const measured = measurements.filter((measurement) => measurement.kind === 'measured');
  const failed = measurements.filter((measurement) => measurement.kind === 'failed');
  const memory = measured.find(({ what }) => what === 'memory');
  const unanswered = expected.filter((name) => !measurements.some(({ what }) => what === name));
  return {
    roofs: {
      threads,
      ...(memory === undefined ? {} : { memoryReadBytesPerSecond: memory.rate }),
      matrixMultiplyFlops: Object.fromEntries(
        measured.filter(({ what }) => what !== 'memory').map(({ what, rate }) => [what, rate]),
      ),
    },
    methods: Object.fromEntries(measured.map(({ what, method }) => [what, method])),
    failures: Object.fromEntries([
      ...unanswered.map((name) => [name, outcome] as const),
      ...failed.map(({ what, reason }) => [what, reason] as const),
    ]),
  };
}

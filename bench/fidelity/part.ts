/**
 * Part `fidelity`: does the laboratory change what it measures? Each engine's stamps in a worker of Hayasa beside the
 * engine's own timers, in turn with its library's own call, and beside its own benchmark. `--only` names engines, `--blocks`
 * launches of each side.
 */
import type { Host } from '../../src/host/host.ts';
import { messageOf } from '../../src/kernel/errors.ts';
import { ensureSyntheticCheckpoint } from '../../src/models/synthetic/ensure.ts';
import type { Work } from '../baselines/job.ts';
import { type BenchOptions, DEFAULT_BUDGET_MS } from '../options.ts';
import { compareInTurn, comparePeers, compareTimers, type FidelityRow } from './compare.ts';
import { FIDELITY_ENGINES, type FidelityEngine, labelOf } from './engines.ts';
import { regionText } from './table.ts';

const MODEL = 'open-calm-small';

export interface FidelityResult {
  readonly model: string;
  readonly rows: readonly FidelityRow[];
  /** Comparisons that gave no row, each with the reason. */
  readonly without: readonly { readonly engine: string; readonly batch: number; readonly reason: string }[];
}

export async function benchFidelity(
  host: Host,
  options: BenchOptions,
  say: (line: string) => void,
  save: (soFar: FidelityResult) => void,
): Promise<FidelityResult> {
  const { input, output, threads, only, batches } = options;
  const known = FIDELITY_ENGINES.map(({ engine }) => labelOf(engine));
  const unknown = only.filter((label) => !known.includes(label));
  if (unknown.length > 0) throw new RangeError(`no ${unknown.join(', ')} here; engines: ${known.join(', ')}`);
  const modelPath = ensureSyntheticCheckpoint(host, MODEL, 0, 'F32');
  const end_ns = host.clock.monotonic_ns() + BigInt(options.budget_ms ?? DEFAULT_BUDGET_MS) * 1_000_000n;
  const rows: FidelityRow[] = [];
  const without: FidelityResult['without'][number][] = [];
  const result = (): FidelityResult => ({ model: `${MODEL}, synthetic weights`, rows, without });
  for (const batch of batches) {
    const work: Work = { modelPath, precision: 'fp32', batch, input, output, threads };
    for (const one of chosen(only)) {
      const lacks = (what: string, reason: string): void => {
        without.push({ engine: labelOf(one.engine), batch, reason: `${what}: ${reason}` });
        say(`${labelOf(one.engine)} batch ${batch}: ${what}: ${reason}`);
      };
      if (host.clock.monotonic_ns() > end_ns) {
        lacks('not begun', 'the time was over');
        continue;
      }
      const found: FidelityRow[] = [];
      if ('none' in one.ownTimers) lacks('own timers', one.ownTimers.none);
      else {
        try {
          found.push(await compareTimers(host, one.engine, one.ownTimers.ask, work));
        } catch (error) {
          lacks('own timers', messageOf(error));
        }
      }
      for (const turns of one.inTurn) {
        try {
          found.push(await compareInTurn(host, one.engine, turns, work));
        } catch (error) {
          lacks(turns.title, messageOf(error));
        }
      }
      try {
        const against = await comparePeers(host, one, work, { ...options, end_ns });
        found.push(...against.rows);
        for (const { title, reason } of against.failed) lacks(title, reason);
      } catch (error) {
        lacks('benchmark', messageOf(error));
      }
      for (const row of found) say(regionText(row));
      rows.push(...found);
      save(result());
    }
  }
  return result();
}

const chosen = (only: readonly string[]): readonly FidelityEngine[] =>
  FIDELITY_ENGINES.filter(({ engine }) => only.length === 0 || only.includes(labelOf(engine)));

/** What a reader of a log sees of `--quiet-gate`. */
import { describe, expect, it } from 'vitest';
import { testHost } from '../../host/test-host.ts';
import { sayEnglish } from '../../kernel/language.ts';
import { awaitQuietAloud } from '../../run/quiet-gate.ts';
import { windowsOf } from '../../run/simulated-windows.ts';
import { startProgress } from './progress-state.ts';
import { eventLine } from './progress-text.ts';

/** The lines that a log has of a wait. */
async function linesOf(shares: readonly (number | undefined)[], bound_ms: number): Promise<string[]> {
  const { clock } = testHost();
  const lines: string[] = [];
  await awaitQuietAloud(
    'l',
    { clock, bound_ms, signal: new AbortController().signal, openWindow: windowsOf(shares) },
    (event) => {
      const line = eventLine(event, startProgress(0), 0, sayEnglish);
      if (line !== undefined) lines.push(line);
    },
  );
  return lines;
}

describe('awaitQuietAloud', () => {
  it('says in a log what is waited for, and how it ended: a wait of 30 s before each launch looked like a hang', async () => {
    expect(await linesOf([0.8, 0.4, 0.05], 30_000)).toEqual([
      'waiting for a quiet machine, 30 s at most: others use 0.80 CPUs',
      'quiet after 3.0 s',
    ]);
    expect(await linesOf([0.8, 1.2], 4_000)).toEqual([
      'waiting for a quiet machine, 4.0 s at most: others use 0.80 CPUs',
      'not quiet within 4.0 s (others use 1.20 CPUs): measured all the same, and marked',
    ]);
    expect(await linesOf([0.8], 1_000)).toEqual([
      'not quiet within 1.0 s (others use 0.80 CPUs): measured all the same, and marked',
    ]);
  });

  it('says nothing of a machine that is quiet at once, or that cannot be read', async () => {
    expect(await linesOf([0.02], 30_000)).toEqual([]);
    expect(await linesOf([undefined], 30_000)).toEqual([]);
  });
});

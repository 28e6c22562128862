import { fstatSync, writeSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { openOutputFile, TAIL_BYTES } from './output-file.ts';
import { spawnProcess } from './processes.ts';

/** The tail of a file to which `pieces` were written, while it is open and after. */
function tails(...pieces: readonly string[]): readonly [string, string] {
  const output = openOutputFile();
  for (const piece of pieces) writeSync(output.descriptor, piece);
  const open = output.tail();
  output.close();
  return [open, output.tail()];
}

const same = (text: string): readonly [string, string] => [text, text];

describe('the output of a process in a file', () => {
  it('is kept whole while it fits', () => {
    expect(tails()).toEqual(same(''));
    expect(tails('one\n', 'two\n')).toEqual(same('one\ntwo'));
  });

  it('starts with a whole line once something was left out', () => {
    const long = `${'x'.repeat(TAIL_BYTES)}\n`;
    expect(tails(long, 'a\nlast\n')).toEqual(same('a\nlast'));
    expect(tails('y'.repeat(TAIL_BYTES + 1))).toEqual(same('y'.repeat(TAIL_BYTES)));
  });

  it('is cut to its tail beyond the limit, and goes on', () => {
    vi.useFakeTimers();
    const output = openOutputFile(100);
    writeSync(output.descriptor, `${'x'.repeat(TAIL_BYTES)}\nbefore\n`);
    vi.advanceTimersByTime(1_000);
    vi.useRealTimers();
    expect(fstatSync(output.descriptor).size).toBe(0);
    writeSync(output.descriptor, 'after\n');
    expect(output.tail()).toBe('before\nafter');
    output.close();
  });

  it('is what a process prints to stderr', async () => {
    const output = openOutputFile();
    const program = `process.stdout.write('aside'); process.stderr.write('last words')`;
    const child = spawnProcess({ command: process.execPath, args: ['-e', program], environment: {}, output });
    await child.drained;
    expect(output.tail()).toBe('last words');
    output.close();
  });
});

import { describe, expect, it } from 'vitest';
import { spawnProcess } from './processes.ts';

/** A program that writes `count` lines to stderr, one about each millisecond, then its last words. */
const chatty = (count: number): readonly string[] => [
  '-e',
  `const { writeSync } = require('node:fs');
   const clock = new Int32Array(new SharedArrayBuffer(4));
   for (let line = 0; line < ${count}; line += 1) {
     writeSync(2, 'line ' + line + '\\n');
     Atomics.wait(clock, 0, 0, 1);
   }
   writeSync(2, 'last words\\n');`,
];

describe('the output of a process', () => {
  it('that comes line by line is read in few pieces, and to its end', async () => {
    const lines = 500;
    const child = spawnProcess({ command: process.execPath, args: chatty(lines), environment: {} });
    const pieces: string[] = [];
    child.onStderr((piece) => pieces.push(Buffer.from(piece).toString('utf8')));
    expect(await child.exit).toEqual({ kind: 'exited', code: 0 });
    await child.drained;
    const expected = Array.from({ length: lines }, (_, line) => `line ${line}\n`);
    expect(pieces.join('')).toBe(`${expected.join('')}last words\n`);
    expect(pieces.length).toBeLessThan(lines / 4);
  });

  it('does not block the process when nobody listens', async () => {
    const flood = `require('node:fs').writeSync(1, 'x'.repeat(1 << 20)); process.exit(3);`;
    const child = spawnProcess({ command: process.execPath, args: ['-e', flood], environment: {} });
    await child.drained;
    expect(await child.exit).toEqual({ kind: 'exited', code: 3 });
  });
});

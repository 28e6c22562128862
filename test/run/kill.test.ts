/** `kill -9` at any moment: nothing measured is lost, and the same command goes on without repeating or doubling. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { realHost } from '../../src/host/real-host.ts';
import { readJournal } from '../../src/journal/read.ts';

const folder = mkdtempSync(join(tmpdir(), 'hayasa-kill-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const STUDY = `
name: killed
models: [tiny]
engines:
  - { id: onnxruntime, precisions: [fp32, w8] }
axes: { batch: [1, 2], inputTokens: 8, outputTokens: 8 }
rounds: { minimum: 2, maximum: 2, confirm: 1 }
repeats: { minimum: 2, maximum: 2, window: 1ms }
`;

/** Runs the study; kills the process when a line of its progress matches. Resolves with exit code or signal. */
function run(killAt: RegExp | undefined): Promise<number | string> {
  const study = join(folder, 'killed.yaml');
  writeFileSync(study, STUDY);
  const child = spawn(process.execPath, ['bin/hayasa.js', 'run', study, '--out', join(folder, 'run')], {
    env: { ...process.env, HAYASA_CACHE: join(folder, 'cache') },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let text = '';
  child.stderr.on('data', (chunk: Buffer) => {
    text += chunk.toString();
    if (killAt?.test(text) === true) child.kill('SIGKILL');
  });
  return new Promise((resolve) => {
    child.on('close', (code, signal) => {
      resolve(signal ?? code ?? -1);
    });
  });
}

const repeatIds = (): string[] =>
  readJournal(realHost().files, join(folder, 'run', 'journal.ndjson')).records.flatMap((record) =>
    record.kind === 'repeat' ? [`${record.launch} ${record.cellKey} ${record.repeat}`] : [],
  );

describe('a run that is killed', () => {
  it('keeps what it measured, and the same command finishes it without doubling a repeat', async () => {
    expect(await run(/round 1 \[2\/2\]/)).toBe('SIGKILL');
    const kept = repeatIds();
    expect(kept.length).toBeGreaterThan(0);
    expect(await run(/round 2 \[1\/2\]/)).toBe('SIGKILL');
    expect(await run(undefined)).toBe(0);
    const all = repeatIds();
    expect(all.slice(0, kept.length)).toEqual(kept);
    expect(new Set(all).size).toBe(all.length);
    const explore = all.filter((id) => id.startsWith('explore/'));
    // 2 precisions x 2 batches x 2 rounds x 2 repeats; a launch that was cut short may have left some beside them.
    expect(explore.length).toBeGreaterThanOrEqual(16);
    const finished = await run(undefined);
    expect(finished).toBe(0);
    expect(repeatIds()).toEqual(all);
  });
});

/** `hayasa record` from the shell: another locale and time zone give the same bytes; exit codes. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FOLDER, simulatedRun } from '../verdicts/sim-study.ts';
import { hayasa } from './run-cli.ts';

const STUDY = `
name: simulated
models: [tiny]
engines: [{id: sim, label: fast}, {id: sim, label: slow, options: {step_ns: 40000000}}]
axes: {batch: [1, 8]}
defaults: {inputTokens: 4, outputTokens: 5}
rounds: {minimum: 3, maximum: 3, confirm: 0}
repeats: {minimum: 1, maximum: 1, window: 1ms}
correctness: {check: false}
claims:
  - {id: faster, claim: said, kind: ratio, of: {engine: fast}, to: {engine: slow}, atLeast: 2}
`;
const ELSEWHERE = { TZ: 'Asia/Kathmandu', LC_ALL: 'de_DE.UTF-8', LANG: 'de_DE.UTF-8' };

let folder = '';
const contents = (name: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(join(folder, name)).map((file) => [file, readFileSync(join(folder, name, file), 'base64')]),
  );

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hayasa-record-'));
  const { files } = await simulatedRun(STUDY);
  mkdirSync(join(folder, 'run'));
  for (const name of files.list(FOLDER))
    writeFileSync(join(folder, 'run', name), files.readText(join(FOLDER, name)));
});
afterAll(() => rmSync(folder, { recursive: true }));

const record = (args: readonly string[], environment: Readonly<Record<string, string>> = {}) =>
  hayasa(['record', ...args], environment);

describe('hayasa record', () => {
  it('writes the same bytes in another locale and time zone', () => {
    expect(record([join(folder, 'run'), '--out', join(folder, 'here')]).code).toBe(0);
    expect(record([join(folder, 'run'), '--out', join(folder, 'there')], ELSEWHERE).code).toBe(0);
    expect(contents('there')).toEqual(contents('here'));
  });

  it('checks with exit code 0, and 10 where a file is another', () => {
    expect(record([join(folder, 'here'), '--check'], ELSEWHERE)).toMatchObject({ code: 0, err: '' });
    writeFileSync(join(folder, 'here', 'reading.md'), 'All is well.');
    const { code, out } = record([join(folder, 'here'), '--check', '--json']);
    expect(JSON.parse(out)).toEqual({ different: ['reading.md'] });
    expect(code).toBe(10);
    expect(record([join(folder, 'here'), '--check', '--out', 'x']).code).toBe(2);
  });

  it('is read by report and claims', () => {
    expect(hayasa(['claims', join(folder, 'there'), '--json']).out).toContain('supported');
    expect(hayasa(['report', join(folder, 'there')], ELSEWHERE).code).toBe(0);
    expect(record([join(folder, 'there'), '--check']).code).toBe(0);
  });
});

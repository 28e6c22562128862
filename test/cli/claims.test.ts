/** `hayasa claims` from the shell: exit codes of the built program. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FOLDER, simulatedRun } from '../verdicts/sim-study.ts';
import { hayasa } from './run-cli.ts';

/** One supported, one refuted, one that was not measured; measured on the virtual clock. */
const STUDY = `
name: simulated
models: [tiny]
engines:
  - {id: sim, label: fast, options: {step_ns: 5000000}}
  - {id: sim, label: slow, options: {step_ns: 40000000}}
defaults: {inputTokens: 4, outputTokens: 5}
rounds: {minimum: 3, maximum: 3, confirm: 0}
repeats: {minimum: 1, maximum: 1, window: 1ms}
correctness: {check: false}
claims:
  - {id: faster, claim: said, kind: ratio, of: {engine: fast}, to: {engine: slow}, atLeast: 2}
  - {id: slower, claim: said, kind: ratio, of: {engine: fast}, to: {engine: slow}, atMost: 1}
  - {id: absent, claim: said, device: gpu, kind: ratio, of: {engine: fast}, to: {engine: slow}, atLeast: 2}
`;

let folder = '';
const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const claims = (...args: readonly string[]) => hayasa(['claims', join(folder, 'run'), ...args]);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hayasa-claims-'));
  const { files } = await simulatedRun(STUDY);
  mkdirSync(join(folder, 'run'));
  for (const name of files.list(FOLDER))
    writeFileSync(join(folder, 'run', name), files.readText(join(FOLDER, name)));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('hayasa claims', () => {
  it('exits with 0 whatever the verdicts are', () => {
    const { code, out } = claims('--json');
    const { verdicts } = JSON.parse(out) as { verdicts: { id: string; outcome: string }[] };
    expect(verdicts.map(({ id, outcome }) => `${id}: ${outcome}`)).toEqual([
      'faster: supported',
      'slower: refuted',
      'absent: not-measured',
    ]);
    expect(code).toBe(0);
  });

  it('exits with 0 where the verdicts are as expected, and 10 with the changed ones named where not', () => {
    const same = file('same.yaml', 'faster: supported\nslower: refuted\nabsent: not-measured\n');
    expect(claims('--expect', same).code).toBe(0);
    const changed = claims('--expect', file('changed.yaml', 'faster: refuted\nslower: refuted\n'));
    expect(changed.code).toBe(10);
    expect(changed.out).toContain('faster: expected refuted, found supported');
    expect(changed.out).not.toContain('slower: expected');
  });

  it('exits with 2 for a claim or a verdict that does not exist, and for a folder without a run', () => {
    const bad = claims('--expect', file('bad.yaml', 'fastr: supported\nslower: refutd\n'));
    expect(bad.code).toBe(2);
    expect(bad.err).toMatch(/did you mean .*faster[\s\S]*did you mean .*refuted/);
    expect(hayasa(['claims', join(folder, 'nothing')]).code).toBe(2);
  });
});

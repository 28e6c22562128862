/** `hayasa claims`: what it prints, and its exit code against a file of expected verdicts. */
import { beforeAll, describe, expect, it } from 'vitest';
import { showClaims } from '../../src/cli/claims/show.ts';
import { testTerminal } from '../../src/cli/ui/test-terminal.ts';
import type { TestHost } from '../../src/host/test-host.ts';
import { runFolder } from '../../src/journal/run-folder.ts';
import type { Language } from '../../src/kernel/language.ts';
import { FOLDER, simulatedRun } from './sim-study.ts';

const STUDY = `
name: simulated
models: [tiny]
engines: [{id: sim, label: fast}, {id: sim, label: slow, options: {step_ns: 20000000}}, tensorrt-llm]
axes: {batch: [1, 4]}
defaults: {inputTokens: 20, outputTokens: 5}
rounds: {minimum: 3, maximum: 3, confirm: 0}
repeats: {minimum: 1, maximum: 1, window: 1ms}
correctness: {check: false}
claims:
  - {id: faster, claim: fast is far faster than slow, kind: ratio, of: {engine: fast}, to: {engine: slow}, atLeast: 1.5}
  - {id: falls, claim: throughput falls with the batch, device: gpu, kind: trend, for: {engine: fast}, along: batch, atMost: 0.9, note: the margin is ours}
  - {id: absent-fastest, claim: 'TensorRT-LLM is | the fastest', role: explanation, kind: ranking, first: {engine: tensorrt-llm}}
`;

const folder = runFolder(FOLDER);
let host: TestHost;
beforeAll(async () => {
  host = await simulatedRun(STUDY);
});

const show = (form: 'terminal' | 'markdown' | 'json', expect?: string, language: Language = 'en') => {
  const terminal = testTerminal(120, language);
  const { changed } = showClaims(host, terminal, folder, { form, expect });
  return { changed, text: terminal.output.join('') };
};

describe('hayasa claims', () => {
  it.each(['terminal', 'markdown', 'json'] as const)('as %s', async (form) => {
    await expect(show(form).text).toMatchFileSnapshot(`../golden/verdicts/claims-${form}.txt`);
  });

  it.each(['terminal', 'markdown'] as const)('in Japanese as %s', async (form) => {
    await expect(show(form, undefined, 'ja').text).toMatchFileSnapshot(
      `../golden/verdicts/claims-ja-${form}.txt`,
    );
    expect(show('json', undefined, 'ja')).toEqual(show('json'));
  });

  it('names what has changed against expected verdicts, and nothing that was not expected', () => {
    host.files.writeText('/expect.yaml', 'faster: refuted\nabsent-fastest: not-measured\n');
    const { changed, text } = show('terminal', '/expect.yaml');
    expect(changed).toEqual(['faster']);
    expect(text).toContain('faster: expected refuted, found supported');
    host.files.writeText('/expect.yaml', 'faster: supported\n');
    expect(show('markdown', '/expect.yaml').changed).toEqual([]);
  });

  it('refuses claims and verdicts that do not exist, all at once', () => {
    host.files.writeText('/expect.yaml', 'fastr: refuted\nfalls: suported\n');
    expect(() => show('json', '/expect.yaml')).toThrow(
      expect.objectContaining({
        problems: [
          expect.objectContaining({ path: 'fastr', didYouMean: 'faster' }),
          expect.objectContaining({ path: 'falls', didYouMean: 'supported' }),
        ],
      }),
    );
    host.files.writeText('/expect.yaml', '- a\n');
    expect(() => show('json', '/expect.yaml')).toThrow('1 problem');
  });
});

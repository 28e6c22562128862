/** Prompts cut from a text, and characters of what was generated, through a whole run on a virtual clock. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { reportInput } from '../../src/cli/reports.ts';
import { ENGINE_DECLARATIONS } from '../../src/engines/declarations.ts';
import { type TestHost, testHost } from '../../src/host/test-host.ts';
import { readJournal } from '../../src/journal/read.ts';
import type { JournalRecord } from '../../src/journal/records.ts';
import { ensureSyntheticCheckpoint } from '../../src/models/synthetic/ensure.ts';
import { buildReport } from '../../src/report/build.ts';
import { runStudy } from '../../src/run/run-study.ts';
import { testTokenizer, testTokenizerFolder } from '../../src/text/test-tokenizers.ts';

const TEXT = '春の川は速い。夏の川は遅い。秋の川は静かだ。冬の川は凍る。川の速さは場所によって違う。'.repeat(
  3,
);

const study = (extra: string) => `
name: texts
models: [tiny]
engines: [{ id: sim, precisions: [fp32] }]
axes: { batch: [1, 2], inputTokens: 12, outputTokens: 6 }
rounds: { minimum: 2, maximum: 2, confirm: 0 }
repeats: { minimum: 1, maximum: 1, window: 1ms }
${extra}`;

const TEMPLATE = "{% for m in messages %}{{ 'Q' + m.content + '<|endoftext|>' }}{% endfor %}A";

/** A machine whose synthetic checkpoint has a tokenizer beside it, and a chat template where one is given. */
function machine(
  tokenizer: 'byte-level-bpe' | undefined,
  text: string | Uint8Array = TEXT,
  chatTemplate?: string,
): TestHost {
  const host = testHost({ files: { '/home/test/novel.txt': text } });
  const folder = ensureSyntheticCheckpoint(host, 'tiny', 0, 'F32');
  if (tokenizer !== undefined) {
    const name = 'tokenizer.json';
    host.files.writeText(
      join(folder, name),
      readFileSync(join(testTokenizerFolder(tokenizer), name), 'utf8'),
    );
  }
  if (chatTemplate !== undefined) host.files.writeText(join(folder, 'chat_template.jinja'), chatTemplate);
  return host;
}

const run = (host: TestHost, extra: string) =>
  runStudy(
    host,
    {
      studyText: study(extra),
      studyName: 'texts.yaml',
      declarations: ENGINE_DECLARATIONS,
      hayasaVersion: '0.0.0-test',
      out: '/runs/one',
      budget_ms: undefined,
    },
    () => undefined,
    new AbortController().signal,
  );
const records = <K extends JournalRecord['kind']>(host: TestHost, kind: K) =>
  readJournal(host.files, '/runs/one/journal.ndjson').records.filter(
    (record): record is Extract<JournalRecord, { kind: K }> => record.kind === kind,
  );

describe('a run with a text', () => {
  it('keeps the prompts, and counts the characters of what was generated', async () => {
    const host = machine('byte-level-bpe');
    const tokenizer = testTokenizer('byte-level-bpe');
    const result = await run(host, 'text: novel.txt');
    const [prompts, ...others] = records(host, 'prompts');
    expect(others).toEqual([]);
    expect(prompts).toMatchObject({
      model: 'tiny',
      lengths: 'equal',
      inputTokens: 12,
      text: { name: 'novel.txt' },
    });
    expect(prompts?.tokens.map((ids) => ids.length)).toEqual([12, 12]);
    expect(prompts?.texts.map((text) => tokenizer.encode(text))).toEqual(prompts?.tokens);

    const tokenised = records(host, 'tokenised');
    // 2 rounds x 2 cells, each with the prompts of its batch
    expect(tokenised.map(({ tokens }) => tokens).sort()).toEqual([12, 12, 24, 24]);

    const decoded = new Map(records(host, 'decoded').map((one) => [one.tokensDigest, one.characters]));
    for (const { tokensDigest, tokens } of records(host, 'tokens')) {
      expect(decoded.get(tokensDigest)).toBe(
        tokens.reduce((sum, ids) => sum + Array.from(tokenizer.decode(ids)).length, 0),
      );
    }
    const report = buildReport(reportInput(host, result.folder));
    const shown = report.table.metrics
      .filter(({ id }) => id.startsWith('characters-'))
      .map((one) => one.shown);
    expect(shown).toEqual([true, true]);
    for (const { values } of report.table.rows) {
      expect(values['characters-per-second']?.kind).toBe('value');
      expect(values['characters-per-token']?.kind).toBe('value');
    }
    expect(JSON.stringify(report.conditions)).toContain('cut from novel.txt');
  });

  it('goes on with the same prompts, and is another run with another text', async () => {
    const host = machine('byte-level-bpe');
    await run(host, 'text: novel.txt');
    expect((await run(host, 'text: novel.txt')).outcome).toBe('already-complete');
    expect(records(host, 'prompts')).toHaveLength(1);
    host.files.writeText('/home/test/novel.txt', `${TEXT}また春が来る。`);
    await expect(run(host, 'text: novel.txt')).rejects.toMatchObject({ code: 'run/other-run' });
  });

  it('feeds token ids without a tokenizer, or where the study asks for them', async () => {
    const plain = machine(undefined);
    await run(plain, '');
    expect([records(plain, 'prompts'), records(plain, 'decoded')]).toEqual([[], []]);
    const asked = machine('byte-level-bpe');
    await run(asked, 'text: false');
    expect(records(asked, 'prompts')).toEqual([]);
    // What was generated has characters all the same.
    expect(records(asked, 'decoded').length).toBeGreaterThan(0);
  });

  it('wraps prompts in the chat template where the study asks for a chat, and keeps what was fed', async () => {
    const host = machine('byte-level-bpe', TEXT, TEMPLATE);
    const tokenizer = testTokenizer('byte-level-bpe');
    const { folder } = await run(host, 'text: novel.txt\nchat: true');
    const [prompts] = records(host, 'prompts');
    expect(prompts?.tokens.map((ids) => ids.length)).toEqual([12, 12]);
    expect(prompts?.texts.map((text) => tokenizer.encode(text))).toEqual(prompts?.tokens);
    for (const text of prompts?.texts ?? []) expect(text).toMatch(/^Q.+<\|endoftext\|>A$/);
    expect(prompts?.chat).toEqual({
      templateHash: expect.stringMatching(/^[0-9a-f]+$/),
      templateTokens: 3,
    });
    const { conditions } = buildReport(reportInput(host, folder));
    expect(JSON.stringify(conditions)).toContain('as messages in its chat template');
  });

  it('gives a model without a template the text as it is where the study allows it, and says so', async () => {
    const host = machine('byte-level-bpe');
    const { folder } = await run(host, 'text: novel.txt\nchat: where-available');
    const [prompts] = records(host, 'prompts');
    expect(prompts?.chat).toBeUndefined();
    const { conditions } = buildReport(reportInput(host, folder));
    expect(JSON.stringify(conditions)).toContain('as they are: ');
    const plain = machine('byte-level-bpe');
    await run(plain, 'text: novel.txt');
    expect(records(plain, 'prompts')[0]?.tokens).toEqual(prompts?.tokens);
  });

  it.each([
    [
      'a chat template',
      machine('byte-level-bpe'),
      'text: novel.txt',
      /^chat: tiny: .*has no chat_template\.jinja/,
    ],
    ['a tokenizer', machine(undefined, TEXT, TEMPLATE), '', /^chat: tiny: .*has no tokenizer\.json/],
  ])('refuses a chat of a model without %s before anything starts', async (_, host, text, message) => {
    await expect(run(host, `${text}\nchat: true`)).rejects.toMatchObject({
      code: 'text/no-chat-template',
      exitCode: 2,
      message: expect.stringMatching(message),
    });
    expect(host.files.kind('/runs/one')).toBeUndefined();
  });

  it.each([
    ['a text that is too short', machine('byte-level-bpe', '短い。'), 'text/too-short'],
    ['a text that is not UTF-8', machine('byte-level-bpe', Uint8Array.from([0x91, 0xac])), 'text/not-utf8'],
    ['no tokenizer', machine(undefined), 'text/no-tokenizer'],
  ])('refuses %s before anything starts', async (_, host, code) => {
    await expect(run(host, 'text: novel.txt')).rejects.toMatchObject({ code, exitCode: 2 });
    expect(host.files.kind('/runs/one')).toBeUndefined();
  });
});

/** Quality beside speed through a whole run: the simulated model finds every token equally likely, in fp32 a little more. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { reportInput } from '../../src/cli/reports.ts';
import { ENGINE_DECLARATIONS } from '../../src/engines/declarations.ts';
import { type TestHost, testHost } from '../../src/host/test-host.ts';
import { readJournal } from '../../src/journal/read.ts';
import { sayEnglish } from '../../src/kernel/language.ts';
import { presentValue } from '../../src/kernel/maybe.ts';
import { ensureSyntheticCheckpoint } from '../../src/models/synthetic/ensure.ts';
import { buildReport } from '../../src/report/build.ts';
import { markdown } from '../../src/report/formats/markdown.ts';
import { runStudy } from '../../src/run/run-study.ts';
import { testTokenizer, testTokenizerFolder } from '../../src/text/test-tokenizers.ts';

const TEXT = '春の川は速い。夏の川は遅い。秋の川は静かだ。冬の川は凍る。川の速さは場所によって違う。'.repeat(
  10,
);
const CHARACTERS = 300;

const study = (model: string, quality = `{ text: novel.txt, characters: ${CHARACTERS} }`) => `
name: quality
text: false
models: [${model}]
engines: [{ id: sim, precisions: [fp32, w4], options: { vocabularySize: 512 } }]
axes: { batch: [1, 2], inputTokens: 12, outputTokens: 6 }
rounds: { minimum: 2, maximum: 2, confirm: 0 }
repeats: { minimum: 1, maximum: 1, window: 1ms }
quality: ${quality}`;

/** A checkpoint that does not say that it is synthetic, with a tokenizer beside it. */
function machine(): TestHost {
  const host = testHost({ files: { '/home/test/novel.txt': TEXT } });
  const folder = ensureSyntheticCheckpoint(host, 'tiny', 0, 'F32');
  for (const name of host.files.list(folder)) {
    if (name !== 'hayasa.json') host.files.linkOrCopy(join(folder, name), `/home/test/mine/${name}`);
  }
  const tokenizer = join(testTokenizerFolder('byte-level-bpe'), 'tokenizer.json');
  host.files.writeText('/home/test/mine/tokenizer.json', readFileSync(tokenizer, 'utf8'));
  return host;
}

const run = (
  host: TestHost,
  studyText: string,
  budget_ms?: number,
  interrupt: AbortController = new AbortController(),
  onLaunch: () => void = () => undefined,
) =>
  runStudy(
    host,
    {
      studyText,
      studyName: 'quality.yaml',
      declarations: ENGINE_DECLARATIONS,
      hayasaVersion: '0.0.0-test',
      out: '/runs/one',
      budget_ms,
    },
    ({ kind }) => {
      if (kind === 'launch-started') onLaunch();
    },
    interrupt.signal,
  );
const qualities = (host: TestHost) =>
  readJournal(host.files, '/runs/one/journal.ndjson').records.flatMap((record) =>
    record.kind === 'quality' ? [record] : [],
  );

describe('a study that asks for quality', () => {
  it('scores each loaded model once, and reports it beside the speed of its cells', async () => {
    const host = machine();
    const { folder } = await run(host, study('{ path: mine }'));
    const records = qualities(host);
    expect(records.map(({ cellKeys, role }) => [cellKeys.length, role])).toEqual([
      [2, 'cells'],
      [2, 'cells'],
    ]);
    const report = buildReport(reportInput(host, folder));
    // The sim has no reference configuration; every token costs log2 of the vocabulary and 1/bits nats.
    const { vocab_size: vocabularySize } = JSON.parse(host.files.readText('/home/test/mine/config.json')) as {
      vocab_size: number;
    };
    const { encode } = testTokenizer('byte-level-bpe');
    const ids = encode(TEXT.slice(0, CHARACTERS));
    for (const row of report.table.rows) {
      const bits = row.cell.precision === 'fp32' ? 32 : 4;
      const perToken = Math.log2(vocabularySize) + 1 / bits / Math.LN2;
      const [first] = records.map(({ measured }) => measured!);
      const characters = first!.windows.reduce((sum, window) => sum + window.characters, 0);
      const tokens = first!.windows.reduce((sum, window) => sum + window.tokens, 0);
      expect(tokens).toBeLessThan(ids.length);
      expect(characters).toBeLessThan(CHARACTERS);
      expect(presentValue(row.quality!.bitsPerCharacter)?.value).toBeCloseTo(
        (tokens * perToken) / characters,
        9,
      );
      expect(row.quality!.aboveReference).toMatchObject({ reason: { en: 'no reference in fp32' } });
    }
    const [file] = await markdown.render(report, sayEnglish);
    expect(file?.text).toContain('bits/character');
    expect(file?.text).toContain('the first 300 characters of novel.txt');
    // Going on scores nothing again.
    await run(host, study('{ path: mine }'));
    expect(qualities(host)).toHaveLength(2);
  });

  it('tries agreement again where an earlier invocation had no reference', async () => {
    const host = machine();
    const broken = `${study('{ path: mine }')}
correctness: { engine: sim, options: { vocabularySize: 512, fault: exit-at-load } }`;
    const interrupt = new AbortController();
    await run(host, broken, undefined, interrupt, () => interrupt.abort());
    const roles = () => qualities(host).map(({ role, measured }) => [role, measured !== undefined]);
    const once = [
      ['reference', false],
      ['cells', true],
      ['cells', true],
    ];
    expect(roles()).toEqual(once);
    await run(host, broken);
    expect(roles()).toEqual([...once, ...once]);
  });

  it('says why synthetic weights have none, and shows dashes', async () => {
    const host = machine();
    const { folder } = await run(host, study('tiny'));
    expect(qualities(host).map(({ missing }) => missing?.en)).toEqual([
      'synthetic weights',
      'synthetic weights',
    ]);
    const report = buildReport(reportInput(host, folder));
    expect(report.quality?.reasons.map(sayEnglish)).toEqual(['synthetic weights']);
    const [file] = await markdown.render(report, sayEnglish);
    expect(file?.text).toContain('No bits/character: synthetic weights.');
  });

  it('refuses a text that is missing or too short before anything starts', async () => {
    const host = machine();
    await expect(run(host, study('{ path: mine }', '{ text: none.txt }'))).rejects.toMatchObject({
      code: 'file/missing',
    });
    await expect(
      run(host, study('{ path: mine }', '{ text: novel.txt, characters: 5000 }')),
    ).rejects.toMatchObject({ code: 'text/too-short' });
    expect(host.files.kind('/runs/one')).toBeUndefined();
  });
});

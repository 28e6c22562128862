/** What Hayasa prints in Japanese has no English left in it: three words of English in a row, where nothing explains them. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const FOLDER = fileURLToPath(new URL('golden/', import.meta.url));
const ENGLISH = /(?<![\w`'/.-])[a-z][a-z'-]*(?: [a-z][a-z'-]*){2,}/g;

/** A command and its arguments, to the end of the line: they are the same in every language. */
const COMMAND = /\b(?:hayasa|vllm bench|node bin\/hayasa\.js)(?: .*|$)/;

/** What is not Hayasa's to translate. */
const LEFT_IN_ENGLISH: readonly { readonly text: RegExp; readonly reason: string }[] = [
  { text: /= .*?(?=。|（|\(Hayasa|$)/g, reason: 'formulas of metrics, in symbols and the names of stamps' },
  { text: /ERROR: .*/g, reason: 'the words of the installer' },
  {
    text: /the KV cache did not fit（use a smaller batch）/g,
    reason: 'the words of an engine, in a journal that holds them as a string',
  },
  {
    text: /[Tt]hroughput (?:by|over) batch size|(?:What )?each technique is worth|half the depth/g,
    reason: 'titles and names of the study',
  },
  {
    text: /fast is far faster than slow|throughput falls with the(?: batch)?|the margin is ours/g,
    reason: 'statements of claims, in the words of the study',
  },
];

function left(line: string): string[] {
  const ours = LEFT_IN_ENGLISH.reduce(
    (rest, { text }) => rest.replaceAll(text, '…'),
    line.replace(COMMAND, '…'),
  );
  return ours.match(ENGLISH) ?? [];
}

const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  .map((path) => path.split('\\').join('/'))
  .filter((path) => /^cli-ja\/|[-.]ja(?:-[a-z0-9]+)?\.(?:md|txt)$/.test(path))
  .sort();

describe('goldens in Japanese', () => {
  it('are found: help, errors, reports', () => {
    expect(files).toContain('cli-ja/hayasa.txt');
    expect(files).toContain('errors.ja.txt');
    expect(files).toContain('report/whole-run/report-ja.md');
    expect(files).toContain('report/whole-run/terminal-ja-80.txt');
    expect(files).toContain('verdicts/claims-ja-terminal.txt');
  });

  it('find what was left in English, and let commands be', () => {
    expect(left('警告: the worker was ended by SIGSEGV')).toEqual(['the worker was ended by']);
    expect(left('  hayasa engines verify all --device cuda:0')).toEqual([]);
    expect(left('  ITL = median of all gaps。違い: 平均')).toEqual([]);
  });

  it.each(files)('have no English in %s', (path) => {
    const lines = readFileSync(`${FOLDER}${path}`, 'utf8').split('\n');
    expect(lines.flatMap(left)).toEqual([]);
  });
});

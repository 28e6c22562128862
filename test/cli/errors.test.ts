/** Wrong calls: one message, the way out, the documented exit code, nothing on standard output. */
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BIN, hayasa } from './run-cli.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hayasa-cli-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const cases: readonly (readonly [args: string, err: string])[] = [
  ['moels', "error: unknown command 'moels' [cli/usage]\nhint: Did you mean models?\n"],
  ['doctor --thread 2', "error: unknown option '--thread' [cli/usage]\nhint: Did you mean --threads?\n"],
  [
    'models foo',
    "error: too many arguments for 'models'. Expected 0 arguments but got 1. [cli/usage]\nhint: usage: hayasa models [options] [command]; commands: download, make, unpack; --help says more\n",
  ],
  [
    'models make',
    "error: missing required argument 'PRESET' [cli/usage]\nhint: usage: hayasa models make [options] <PRESET>; --help says more\n",
  ],
  [
    'generate --precision w8a --output-tokens x',
    'error: hayasa generate: 3 problems [input/problems]\n' +
      '  --model: is missing\n' +
      '  --precision: is not allowed: "w8a" (allowed: fp32, fp16, bf16, w8a8, w8, w4, nf4, file); did you mean w8a8?\n' +
      '  --output-tokens: is not allowed: "x" (allowed: a whole number of at least 1)\n',
  ],
];

describe('bad input', () => {
  it.each(cases)('hayasa %s', (args, err) => {
    expect(hayasa(args.split(' '))).toEqual({ code: 2, out: '', err });
  });

  it('suggests presets', () => {
    const { code, err } = hayasa(['models', 'make', 'tini']);
    expect(code).toBe(2);
    expect(err).toContain('[model/unknown-preset]\nhint: did you mean tiny?');
  });

  it('is JSON on standard error with --json', () => {
    const { code, out, err } = hayasa(['generate', '--json', '--batch', '0', '--model', 'tiny']);
    expect([code, out]).toEqual([2, '']);
    expect(JSON.parse(err)).toEqual({
      error: {
        code: 'input/problems',
        message: 'hayasa generate: 1 problem',
        exitCode: 2,
        problems: [
          { path: '--batch', message: 'is not allowed', value: '0', allowed: 'a whole number of at least 1' },
        ],
      },
    });
  });

  it('took a link that leads nowhere for a model of the hub', () => {
    symlinkSync('b', join(folder, 'a'));
    symlinkSync('a', join(folder, 'b'));
    symlinkSync('none', join(folder, 'dead.gguf'));
    const errorOf = (name: string) =>
      hayasa(['generate', '--model', `${basename(folder)}/${name}`], {}, dirname(folder)).err;
    expect(errorOf('a')).toContain('[file/cycle]');
    expect(errorOf('dead.gguf')).toContain('[file/missing]');
  });

  it('names a damaged checkpoint instead of falling over it', () => {
    writeFileSync(join(folder, 'bad.gguf'), 'GGUFnothing');
    const broken = hayasa(['generate', '--model', join(folder, 'bad.gguf')]);
    expect([broken.code, broken.out]).toEqual([2, '']);
    expect(broken.err).toMatch(/^error: .*bad\.gguf.*\[checkpoint\//);
    const listed = hayasa(['models', '--folder', folder]);
    expect(listed.code).toBe(0);
    expect(listed.out).toContain(`unusable: ${join(folder, 'bad.gguf')}: `);
  });
});

describe('standard output on a full disk', () => {
  /** Runs `hayasa models --json` with one descriptor on a disk that is always full. */
  const onFullDisk = (descriptor: 1 | 2) => {
    const full = openSync('/dev/full', 'w');
    const stdio = ['ignore', 'pipe', 'pipe'].map((pipe, index) => (index === descriptor ? full : pipe));
    const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, 'models', '--json'], {
      encoding: 'utf8',
      stdio: stdio as ('pipe' | number)[],
    });
    closeSync(full);
    return { status, stdout, stderr };
  };

  it('ended with a stack trace: it is named, with the documented exit code', ({ skip }) => {
    if (!existsSync('/dev/full')) skip('no /dev/full here');
    const { status, stderr } = onFullDisk(1);
    expect([status, JSON.parse(stderr)]).toMatchObject([
      2,
      { error: { code: 'file/disk-full', message: 'standard output: the disk is full' } },
    ]);
    expect(onFullDisk(2)).toMatchObject({ status: 0, stdout: expect.stringMatching(/^\{/) });
  });
});

describe('refused by the plan', () => {
  it('ends with 3 before anything is started', () => {
    const args = ['generate', '--model', 'tiny', '--engine', 'llama-cpp', '--precision', 'w8a8'];
    const { code, err } = hayasa(args, { HAYASA_CACHE: folder });
    expect(code).toBe(3);
    expect(err).toContain('[generate/unsupported]');
  });
});

describe('a failing worker', () => {
  it('ends with 4 and the reason', () => {
    const args = [
      'generate',
      '--model',
      'tiny',
      '--engine',
      'sim',
      '--engine-options',
      'outOfMemoryAbove=1',
      '--batch',
      '2',
    ];
    const { code, err } = hayasa(args, { HAYASA_CACHE: folder });
    expect(code).toBe(4);
    expect(err).toContain('[generate/out-of-memory]');
  });
});

/** The commands on this machine, with real engines, end to end. */
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BIN, hayasa } from './run-cli.ts';

let cache = '';
beforeAll(() => {
  cache = mkdtempSync(join(tmpdir(), 'hayasa-cache-'));
});
afterAll(() => rmSync(cache, { recursive: true }));

/** What a command prints with --json, as loose as the tests need it. */
interface Printed {
  readonly [key: string]: unknown;
}

const json = (args: readonly string[]): Printed => {
  const { code, out, err } = hayasa([...args, '--json'], { HAYASA_CACHE: cache });
  expect([code, err]).toEqual([0, '']);
  return JSON.parse(out) as Printed;
};

describe('hayasa', () => {
  it('prints its version', () => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
      version: string;
    };
    expect(hayasa(['--version'])).toEqual({ code: 0, out: `${version}\n`, err: '' });
  });

  it('does not mind a reader that goes away', async () => {
    const child = spawn(process.execPath, [BIN, 'engines', '--json'], { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.destroy();
    let err = '';
    child.stderr.on('data', (chunk: Buffer) => {
      err += chunk.toString();
    });
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect([code, err]).toEqual([0, '']);
  });
});

describe('models', () => {
  it('makes a synthetic checkpoint once, then finds it', () => {
    const made = json(['models', 'make', 'tiny']);
    expect(made).toMatchObject({ preset: 'tiny', dtype: 'F32', origin: { kind: 'synthetic', seed: 0 } });
    const listed = json(['models']);
    expect(listed['local']).toEqual([
      expect.objectContaining({ kind: 'usable', path: made['folder'], modelHash: made['modelHash'] }),
    ]);
    const elsewhere = json(['models', 'make', 'tiny', '--out', join(cache, 'own'), '--dtype', 'BF16']);
    expect(elsewhere).toMatchObject({
      folder: join(cache, 'own'),
      totalBytes: Number(made['totalBytes']) / 2,
    });
  });

  it('writes over synthetic weights alone: it replaced published ones by random ones', () => {
    const own = join(cache, 'trained');
    const args = ['models', 'make', 'tiny', '--out', own];
    json(args);
    expect(json(args)).toMatchObject({ folder: own });
    rmSync(join(own, 'hayasa.json'));
    const refused = hayasa(args);
    expect([refused.code, refused.err]).toEqual([2, expect.stringContaining('[file/exists]')]);
  });
});

describe('engines', () => {
  it('says of each whether it is ready, and why not', () => {
    const engines = json(['engines'])['engines'] as readonly Printed[];
    expect(engines.map(({ id }) => id)).toEqual(expect.arrayContaining(['onnxruntime', 'llama-cpp', 'sim']));
    expect(engines.find(({ id }) => id === 'sim')).toMatchObject({ health: { kind: 'ready' } });
  });
});

describe('generate', () => {
  const generate = (engine: string) =>
    json([
      'generate',
      '--model',
      'tiny',
      '--engine',
      engine,
      '--prompt-ids',
      '5,17,42',
      '--output-tokens',
      '6',
    ]);

  it('writes the same tokens in every real engine, in fp32', () => {
    const [a, b] = ['onnxruntime', 'llama-cpp'].map(generate);
    expect(a).toMatchObject({
      origin: { kind: 'synthetic' },
      sequences: [
        { inputTokens: 3, finish: 'length', ttft_ms: { kind: 'value' }, tpot_ms: { kind: 'value' } },
      ],
    });
    const tokens = (outcome: Printed | undefined) => {
      const [first] = (outcome?.['sequences'] ?? []) as readonly { readonly tokens: readonly number[] }[];
      return first?.tokens;
    };
    expect(tokens(a)).toHaveLength(6);
    expect(tokens(b)).toEqual(tokens(a));
  });
});

describe('generate with a tokenizer', () => {
  const folder = () => join(cache, 'with-tokenizer');
  const make = () => {
    if (existsSync(folder())) return;
    json(['models', 'make', 'tiny', '--out', folder()]);
    cpSync(fileURLToPath(new URL('../golden/text/byte-level-bpe', import.meta.url)), folder(), {
      recursive: true,
    });
  };
  const args = ['--prompt', '速さを測る', '--output-tokens', '12'];

  it('takes and gives text, the same in every real engine', () => {
    make();
    const outcomes = ['onnxruntime', 'llama-cpp'].map((engine) =>
      json(['generate', '--model', folder(), '--engine', engine, ...args]),
    );
    const texts = outcomes.map((outcome) => {
      const [sequence] = outcome['sequences'] as readonly Printed[];
      expect(sequence).toMatchObject({ prompt: '速さを測る', text: expect.any(String) });
      expect(sequence?.['tokens']).toHaveLength(12);
      expect(outcome['throughput_charactersPerSecond']).toMatchObject({ kind: 'value' });
      return sequence?.['text'];
    });
    expect(texts[1]).toEqual(texts[0]);
  });

  it('prints the text as it is generated, then the figures', () => {
    make();
    const { code, out } = hayasa(['generate', '--model', folder(), ...args], { HAYASA_CACHE: cache });
    const [sequence] = json(['generate', '--model', folder(), ...args])['sequences'] as readonly Printed[];
    expect(code).toBe(0);
    expect(out).toContain(`\nprompt: 速さを測る\ntext: ${String(sequence?.['text'])}\n`);
    expect(out).toMatch(/12 out \(length reached\), TTFT [\d.]+ ms, TPOT [\d.]+ ms\n/);
  });

  it('cuts prompts from a text, and refuses one that is not UTF-8', () => {
    make();
    const path = join(cache, 'text.txt');
    writeFileSync(path, '春の川は速い。夏の川は遅い。秋の川は静かだ。冬の川は凍る。');
    const outcome = json(['generate', '--model', folder(), '--text', path, '--batch', '2']);
    const prompts = (outcome['sequences'] as readonly Printed[]).map(({ prompt }) => prompt);
    expect(new Set(prompts).size).toBe(2);
    writeFileSync(path, Buffer.from([0x91, 0xac]));
    const refused = hayasa(['generate', '--model', folder(), '--text', path]);
    expect([refused.code, refused.err]).toEqual([2, expect.stringContaining('is not UTF-8: byte 0')]);
  });

  it('refuses the tokenizer of another model', () => {
    const other = join(cache, 'other-tokenizer');
    json(['models', 'make', 'tiny', '--out', other]);
    cpSync(fileURLToPath(new URL('../golden/text/bpe-bytes', import.meta.url)), other, { recursive: true });
    const refused = hayasa(['generate', '--model', other]);
    expect([refused.code, refused.err]).toEqual([
      2,
      expect.stringContaining('tokenizer.model has 1100 tokens, the model knows 512'),
    ]);
  });
});

describe('doctor', () => {
  it('examines this machine', () => {
    const found = json(['doctor', '--threads', '1']);
    expect(found).toMatchObject({
      fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
      roofs: {
        roofs: {
          threads: 1,
          memoryReadBytesPerSecond: expect.any(Number),
          matrixMultiplyFlops: {
            float32: expect.any(Number),
            int8: expect.any(Number),
            int4: expect.any(Number),
          },
        },
        failures: {},
      },
      noise: { window_ns: expect.any(Number) },
      advice: expect.any(Array),
    });
  });
});

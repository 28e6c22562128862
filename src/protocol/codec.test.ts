import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { controllerFrameDecoder, encodeFrame, workerFrameDecoder } from './codec.ts';
import { controllerFrameSchema, workerFrameSchema } from './frames.ts';
import { handshakeProblem } from './handshake.ts';
import { LineSplitter } from './lines.ts';

const golden = readFileSync(new URL('../../test/golden/frames.ndjson', import.meta.url));
const goldenLines = golden.toString('utf8').trimEnd().split('\n');
const kindsOf = (schema: typeof controllerFrameSchema | typeof workerFrameSchema): string[] =>
  schema.options.map((option) => option.shape.kind.value);
const isController = (line: string): boolean =>
  kindsOf(controllerFrameSchema).includes((JSON.parse(line) as { kind: string }).kind);

/** Cuts `bytes` at the given places, in any order and number. */
function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const sorted = [...places, bytes.length].map((place) => place % (bytes.length + 1)).sort((a, b) => a - b);
  return sorted.map((end, index) => bytes.subarray(index === 0 ? 0 : sorted[index - 1], end));
}

describe('golden frames', () => {
  it('hold one of each kind, each decodes in its direction and encodes to the same line', () => {
    const seen = goldenLines.map((line) => {
      const decoder = isController(line) ? controllerFrameDecoder() : workerFrameDecoder();
      const decoded = decoder.push(Buffer.from(`${line}\n`));
      expect(decoded).toHaveLength(1);
      const [first] = decoded;
      if (first?.kind !== 'frame') throw new Error(`${line}: ${JSON.stringify(first)}`);
      expect(encodeFrame(first.frame)).toBe(`${line}\n`);
      return first.frame.kind;
    });
    expect([...seen].sort()).toEqual(
      [...kindsOf(controllerFrameSchema), ...kindsOf(workerFrameSchema)].sort(),
    );
  });

  it('are the same frames however the bytes are cut, inside a character too', () => {
    const lines = goldenLines.filter((line) => !isController(line));
    const bytes = Buffer.from(`${lines.join('\n')}\n`);
    fc.assert(
      fc.property(fc.array(fc.nat({ max: bytes.length })), (places) => {
        const decoder = workerFrameDecoder();
        const decoded = cut(bytes, places).flatMap((chunk) => decoder.push(chunk));
        expect(decoded).toEqual(lines.map((line) => ({ kind: 'frame', frame: JSON.parse(line) })));
      }),
    );
  });
});

describe('FrameDecoder', () => {
  const problemOf = (bytes: Uint8Array | string, limit?: number): string | undefined => {
    const [first] = workerFrameDecoder(limit).push(typeof bytes === 'string' ? Buffer.from(bytes) : bytes);
    return first?.kind === 'problem' ? `${first.problem.kind}: ${first.problem.message.en}` : first?.kind;
  };

  it('names what is wrong', () => {
    expect(problemOf(new Uint8Array([0xff, 0xfe, 0x0a]))).toBe('not-utf8: a frame is not valid UTF-8');
    expect(problemOf('loading 50 %\n')).toBe('not-json: a frame is not JSON: "loading 50 %"');
    expect(problemOf('\n')).toBe('not-json: a frame is not JSON: ""');
    expect(problemOf('{"kind":"progress","id":1,"stage":"x","fraction":2}\n')).toMatch(
      /^not-a-frame: a frame breaks the protocol at fraction: /,
    );
    expect(problemOf('{"kind":"bye","environment":{},"extra":1}\n')).toMatch(/^not-a-frame: .*extra/);
    expect(problemOf('{"kind":"bye","environment":{}}\n', 10)).toBe(
      'too-long: a frame is longer than 10 bytes',
    );
    expect(problemOf('{"kind":"bye","environment":{}}')).toBeUndefined();
  });

  it('answers any bytes with frames and problems, never with a throw', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 })), (chunks) => {
        const decoder = workerFrameDecoder(64);
        for (const chunk of chunks)
          for (const decoded of decoder.push(chunk)) expect(decoded.kind).toBe('problem');
      }),
    );
  });

  it('answers any JSON with a frame of the protocol or a problem', () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom(...kindsOf(workerFrameSchema)), (json, kind) => {
        const line = JSON.stringify({ kind, id: JSON.parse(json) as unknown });
        expect(problemOf(`${line}\n`)).toMatch(/^not-a-frame/);
        expect(problemOf(`${json}\n`)).toMatch(/^not-a-frame/);
      }),
    );
  });

  it('goes on after a line of nonsense', () => {
    const decoded = workerFrameDecoder().push(Buffer.from('nonsense\n{"kind":"bye","environment":{}}\n'));
    expect(decoded.map(({ kind }) => kind)).toEqual(['problem', 'frame']);
  });
});

describe('LineSplitter', () => {
  it('gives back what was joined by newlines', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.uint8Array().map((line) => line.filter((byte) => byte !== 10)),
          { minLength: 1 },
        ),
        fc.array(fc.nat()),
        (lines, places) => {
          const bytes = Buffer.concat(lines.map((line) => Buffer.concat([line, Buffer.from('\n')])));
          const splitter = new LineSplitter();
          const parts = cut(bytes, places).flatMap((chunk) => splitter.push(chunk));
          expect(parts.map((part) => (part.kind === 'line' ? [...part.bytes] : part))).toEqual(
            lines.map((line) => [...line]),
          );
          expect(splitter.unfinishedBytes).toBe(0);
        },
      ),
    );
  });

  it('holds no more than the limit and ends there', () => {
    const splitter = new LineSplitter(8);
    expect(splitter.push(Buffer.from('12345678\n'))).toHaveLength(1);
    expect(splitter.push(Buffer.from('1234'))).toEqual([]);
    expect(splitter.unfinishedBytes).toBe(4);
    expect(splitter.push(Buffer.from('56789'))).toEqual([{ kind: 'too-long', limitBytes: 8 }]);
    expect(splitter.push(Buffer.from('\n1\n2\n'))).toEqual([]);
    expect(splitter.unfinishedBytes).toBe(0);
  });
});

describe('handshakeProblem', () => {
  it('accepts only the same version and engine', () => {
    expect(handshakeProblem({ protocol: 1, engine: 'sim' }, 'sim')).toBeUndefined();
    expect(handshakeProblem({ protocol: 2, engine: 'sim' }, 'sim')?.message.en).toBe(
      'protocol 2 instead of 1',
    );
    expect(handshakeProblem({ protocol: 1, engine: 'vllm' }, 'sim')?.message.en).toBe(
      'engine "vllm" instead of "sim"',
    );
  });
});

/** Damaged tokenizer files end in one error that names the file, never in a crash, and never hang. */
import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { testHost } from '../host/test-host.ts';
import { HayasaError } from '../kernel/errors.ts';
import { characterMap, normaliseByGrapheme } from './character-map.ts';
import { testTokenizerFolder } from './test-tokenizers.ts';
import { loadTokenizer } from './tokenizer.ts';

const TEXT = '半角のｶﾞと鱻と😀と<s>';

/** Loads and uses what may be no tokenizer. */
function tryOut(name: string, bytes: Uint8Array): void {
  try {
    const loaded = loadTokenizer(testHost({ files: { [`/m/${name}`]: bytes } }).files, '/m', undefined);
    if (loaded.kind === 'value') loaded.value.decode(loaded.value.encode(TEXT));
  } catch (error) {
    if (!(error instanceof HayasaError)) throw error;
    expect(error.code).toBe('text/bad-tokenizer');
    expect(error.message).toContain(`/m/${name}`);
  }
}

/** Some bytes overwritten, and maybe cut short. */
const damage = (size: number) =>
  fc.record({
    cut: fc.option(fc.integer({ min: 0, max: size - 1 })),
    changes: fc.array(fc.tuple(fc.integer({ min: 0, max: size - 1 }), fc.integer({ min: 0, max: 255 })), {
      maxLength: 12,
    }),
  });

function damaged(
  whole: Uint8Array,
  { cut, changes }: { readonly cut: number | null; readonly changes: readonly (readonly [number, number])[] },
): Uint8Array {
  const bytes = Uint8Array.from(whole);
  for (const [at, value] of changes) bytes[at] = value;
  return cut === null ? bytes : bytes.subarray(0, cut);
}

describe('damaged tokenizers', () => {
  it.each(['bpe-bytes/tokenizer.model', 'unigram-bytes/spiece.model', 'bpe-fallback/tokenizer.json'])(
    '%s',
    (name) => {
      const whole = readFileSync(testTokenizerFolder(name));
      const file = name.slice(name.indexOf('/') + 1);
      fc.assert(
        fc.property(damage(whole.length), (how) => tryOut(file, damaged(whole, how))),
        { numRuns: 60 },
      );
    },
  );

  it('a SentencePiece file cut short is called that', () => {
    const whole = readFileSync(testTokenizerFolder('unigram/spiece.model'));
    const { files } = testHost({ files: { '/m/spiece.model': whole.subarray(0, 500) } });
    expect(() => loadTokenizer(files, '/m', undefined)).toThrow(
      /^\/m\/spiece\.model: is no whole SentencePiece model: /,
    );
  });

  it('a definition of anything', () => {
    const part = fc.jsonValue();
    const definition = fc.record({
      added_tokens: part,
      normalizer: part,
      pre_tokenizer: part,
      post_processor: part,
      decoder: part,
      model: fc.oneof(
        part,
        fc.record({ type: fc.constantFrom('BPE', 'Unigram', 'WordPiece'), vocab: part, merges: part }),
      ),
    });
    fc.assert(
      fc.property(definition, (value) => tryOut('tokenizer.json', Buffer.from(JSON.stringify(value)))),
      { numRuns: 200 },
    );
  });

  it('a character map of any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), fc.nat(49), (bytes, units) => {
        const map = Uint8Array.from([...new Uint8Array(Uint32Array.of(4 * units).buffer), ...bytes]);
        try {
          const read = characterMap(map);
          if (read !== undefined) expect(typeof normaliseByGrapheme(read, TEXT)).toBe('string');
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }),
    );
  });
});

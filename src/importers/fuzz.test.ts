/** Whatever a file holds, an importer ends with plain data or with problems. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { realHost } from '../host/real-host.ts';
import { importText } from './import-text.ts';
import { IMPORTERS } from './registry.ts';
import { importedRuns } from './runs.ts';

const { files } = realHost();
const folder = new URL('./fixtures/', import.meta.url).pathname;
const FIXTURES: readonly (readonly [string, string])[] = files
  .list(folder)
  .map((name) => [name, files.readText(`${folder}${name}`)] as const);
const FORMATS = ['auto', ...IMPORTERS.map(({ id }) => id)];

function holds(text: string, format: string): void {
  const result = importText(text, 'x', format);
  if (result.kind === 'problems') {
    expect(result.problems.length).toBeGreaterThan(0);
    return;
  }
  expect(JSON.parse(JSON.stringify(result.imported))).toEqual(result.imported);
  for (const { values } of importedRuns([result.imported])) {
    for (const { estimate } of values) {
      if (estimate.kind === 'value') expect(Number.isFinite(estimate.value.mean)).toBe(true);
    }
  }
}

describe('importers', () => {
  it('survive any text and any JSON in any format', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), fc.constantFrom(...FORMATS), holds), {
      numRuns: 300,
    });
  });

  it.each(FIXTURES)('%s: survives characters that are lost, added or changed', (_name, text) => {
    fc.assert(
      fc.property(fc.nat(text.length), fc.nat(20), fc.string({ maxLength: 5 }), (at, cut, added) => {
        holds(text.slice(0, at) + added + text.slice(at + cut), 'auto');
      }),
      { numRuns: 60 },
    );
  });

  it.each(FIXTURES.filter(([name]) => name.endsWith('.json')))(
    '%s: survives any value in the place of another',
    (_name, text) => {
      const numbers = [...text.matchAll(/(?<=: )(-?\d[\d.e+-]*|"[^"]*"|null)/g)];
      fc.assert(
        fc.property(fc.nat(numbers.length - 1), fc.json({ maxDepth: 2 }), (which, json) => {
          const match = numbers[which];
          if (match?.index === undefined) return;
          holds(text.slice(0, match.index) + json + text.slice(match.index + match[0].length), 'auto');
        }),
        { numRuns: 80 },
      );
    },
  );

  it.each(FIXTURES)('%s: takes -0 as 0, and no number beyond all bounds', (_name, text) => {
    const numbers = /(?<=[:, '])\d[\d.]*(?=[,}'\n])/g;
    for (const odd of ['-0', '1e400', '1e-400']) {
      holds(text.replaceAll(numbers, odd), 'auto');
      for (const [number] of [...text.matchAll(numbers)].slice(0, 12))
        holds(text.replace(number, odd), 'auto');
    }
  });

  it('give no value where one of the file is so large that means of it are no numbers', () => {
    for (const [, text] of FIXTURES.filter(([name]) => name.endsWith('.json'))) {
      const numbers = [...text.matchAll(/(?<=: )-?\d[\d.e+-]*/g)];
      for (const { index, 0: number } of numbers)
        for (const huge of ['1.7e308', '-1.797693134862316e+299'])
          holds(text.slice(0, index) + huge + text.slice(index + number.length), 'auto');
    }
  });

  it('refuse nesting without exhausting the stack', () => {
    for (const open of ['[', '{"a":']) holds(open.repeat(100_000), 'auto');
    holds(`${'['.repeat(50_000)}${']'.repeat(50_000)}`, 'llama-bench');
  });
});

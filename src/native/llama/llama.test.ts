import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { realHost } from '../../host/real-host.ts';
import { bestVariant } from './cpu-variants.ts';
import { argmax } from './greedy.ts';
import {
  documentedContextDefaults,
  documentedModelDefaults,
  LAYOUT_VERSION,
  layoutProblems,
} from './layouts.ts';
import { checkLayout, openLlama } from './library.ts';
import { isTestedPlatform, libraryPackage, locateLibrary } from './library-location.ts';
import { logTail } from './log.ts';

const defaults = {
  llama_model_default_params: () => documentedModelDefaults,
  llama_context_default_params: () => documentedContextDefaults,
};

describe('checkLayout', () => {
  it('accepts the version that the layouts are for, and its pre-releases', () => {
    expect(() => checkLayout(defaults, LAYOUT_VERSION)).not.toThrow();
    expect(() => checkLayout(defaults, `${LAYOUT_VERSION}-dev`)).not.toThrow();
  });

  it('refuses another version by name', () => {
    expect(() => checkLayout(defaults, '0.4.01')).toThrow('libllama is version 0.4.01');
  });

  it('names each member that was shifted', () => {
    const shifted = { ...documentedContextDefaults, n_batch: 512, n_ubatch: 1 };
    expect(layoutProblems('context', shifted, documentedContextDefaults)).toEqual([
      'context.n_batch is 512, documented 2048',
      'context.n_ubatch is 1, documented 512',
    ]);
    expect(() => checkLayout({ ...defaults, llama_context_default_params: () => shifted }, '0.4.0')).toThrow(
      'the struct layouts do not fit libllama 0.4.0',
    );
  });
});

describe('the delivered library', () => {
  it.runIf(isTestedPlatform(realHost().system))(
    'has the layouts and loads its best CPU variant quietly',
    () => {
      const library = openLlama(realHost());
      expect(library.version).toMatch(/^0\.4\.0/);
      expect(library.variant.score).toBeGreaterThan(0);
      library.close();
    },
  );
});

describe('locateLibrary', () => {
  it('names the package to add where the layouts were not checked', () => {
    expect(() => locateLibrary({ platform: 'win32', architecture: 'x64' })).toThrow('this is win32 x64');
    expect(libraryPackage({ platform: 'darwin', architecture: 'arm64' })).toBe(
      '@node-llama-cpp/mac-arm64-metal',
    );
    expect(libraryPackage({ platform: 'sunos', architecture: 'x64' })).toBeUndefined();
  });
});

describe('bestVariant', () => {
  it('refuses when none runs here', () => {
    expect(() => bestVariant([{ name: 'zen4', path: '/z', score: 0 }], '/lib')).toThrow(
      'none of the 1 CPU libraries of llama.cpp in /lib runs on this CPU',
    );
  });
});

describe('argmax', () => {
  it('takes the first of equal maxima within its row', () => {
    const rows = Float32Array.of(9, 1, 5, 5, 2, 8);
    expect(argmax(rows, 1, 4)).toBe(1);
    expect(argmax(rows, 0, 6)).toBe(0);
  });

  it('agrees with a plain search wherever the row starts and however long it is', () => {
    const row = fc.array(fc.float(), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(row, fc.nat(9), (values, offset) => {
        const logits = Float32Array.from([...new Array<number>(offset).fill(1e30), ...values]);
        const numbers = values.map((value) => (Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value));
        const expected = numbers.indexOf(Math.max(...numbers));
        // Of zeros with different signs the first counts: they are equal.
        expect(argmax(logits, offset, values.length)).toBe(
          numbers[expected] === 0 ? numbers.indexOf(0) : expected,
        );
      }),
    );
  });

  it('never chooses NaN', () => {
    expect(argmax(Float32Array.of(Number.NaN, -3, Number.NaN, -2), 0, 4)).toBe(3);
  });
});

describe('logTail', () => {
  it('joins pieces of a line, drops the oldest and finds warnings', () => {
    const log = logTail(2);
    log.add(2, 'one\n');
    log.add(4, 'two ');
    log.add(5, 'parts\n');
    log.add(2, 'three\n');
    expect(log.lines()).toEqual(['two parts', 'three']);
    expect(log.warnings()).toEqual(['two parts']);
  });
});

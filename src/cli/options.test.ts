import { describe, expect, it } from 'vitest';
import type { ProblemsError } from '../kernel/errors.ts';
import { same } from '../kernel/language.ts';
import { choice, duration, flag, integer, required, text, tokenIds, withBare } from './options.ts';
import { longOption, parseOptions } from './parse-options.ts';
import { nearest } from './suggest.ts';

const declarations = {
  outputTokens: integer('N', same('tokens'), 1, 32),
  engine: choice('E', same('engine'), ['onnxruntime', 'llama-cpp'], undefined),
  promptIds: tokenIds('IDS', same('ids')),
  budget: duration('TIME', same('time')),
  model: required(text('M', same('model'))),
  json: flag(same('json')),
};

describe('withBare', () => {
  const quietGate = withBare(duration('TIME', same('wait')), '30s');

  it('takes its own value, the one that stands for none, or nothing', () => {
    expect(parseOptions('run', { quietGate }, { quietGate: '5s' })).toEqual({ quietGate: 5_000 });
    expect(parseOptions('run', { quietGate }, { quietGate: true })).toEqual({ quietGate: 30_000 });
    expect(parseOptions('run', { quietGate }, {})).toEqual({ quietGate: undefined });
  });
});

describe('parseOptions', () => {
  it('parses what is given and fills in the defaults', () => {
    expect(
      parseOptions('x', declarations, { model: 'm', promptIds: '5, 17 42', budget: '1h30m', json: true }),
    ).toEqual({
      outputTokens: 32,
      engine: undefined,
      promptIds: [5, 17, 42],
      budget: 5_400_000,
      model: 'm',
      json: true,
    });
  });

  it('names every problem at once, with what is allowed and what was meant', () => {
    const given = { outputTokens: '0', engine: 'lama-cpp', promptIds: '1,x', budget: '10' };
    try {
      parseOptions('generate', declarations, given);
      expect.unreachable();
    } catch (error) {
      expect((error as ProblemsError).problems).toEqual([
        {
          path: '--output-tokens',
          message: 'is not allowed',
          value: '0',
          allowed: 'a whole number of at least 1',
        },
        {
          path: '--engine',
          message: 'is not allowed',
          value: 'lama-cpp',
          allowed: 'onnxruntime, llama-cpp',
          didYouMean: 'llama-cpp',
        },
        {
          path: '--prompt-ids',
          message: 'is not allowed',
          value: '1,x',
          allowed: 'token ids such as 5,17,42',
        },
        {
          path: '--budget',
          message: 'is not allowed',
          value: '10',
          allowed: 'a time such as 90s, 10m or 1h30m',
        },
        { path: '--model', message: 'is missing' },
      ]);
    }
  });

  it.each(['1e3', '1.5', ' 3', '0x10', '9007199254740993', ''])(
    'takes no "%s" for a whole number',
    (value) => {
      expect(integer('N', same(''), 0, 0).parse(value)).toBeUndefined();
    },
  );

  it.each(['-5m', 'm', '10', '5 parsecs', '0s', 'Infinitys'])('takes no "%s" for a time', (value) => {
    expect(duration('T', same('')).parse(value)).toBeUndefined();
  });
});

describe('words', () => {
  it('writes keys as options', () => {
    expect(longOption('outputTokens')).toBe('--output-tokens');
  });

  it('suggests only what is near', () => {
    expect(nearest('kvCach', ['kvCache', 'attention'])).toBe('kvCache');
    expect(nearest('banana', ['kvCache', 'attention'])).toBeUndefined();
    expect(nearest('', ['a'])).toBeUndefined();
  });
});

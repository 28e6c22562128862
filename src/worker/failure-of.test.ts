import { describe, expect, it } from 'vitest';
import { testHost } from '../host/test-host.ts';
import { HayasaError } from '../kernel/errors.ts';
import { same } from '../kernel/language.ts';
import { FailureError } from '../protocol/failure-error.ts';
import { environmentFacts } from './environment-facts.ts';
import { failureOf } from './failure-of.ts';

describe('failureOf', () => {
  it('passes a failure on as it is', () => {
    const failure = { cause: 'unsupported', message: 'no', hint: 'yes' } as const;
    expect(failureOf(new FailureError(failure))).toBe(failure);
  });

  it.each([
    ['checkpoint/truncated', 'bad-checkpoint'],
    ['file/missing', 'bad-checkpoint'],
    ['file/disk-full', 'disk'],
    ['file/no-permission', 'disk'],
    ['onnx/unknown-operator', 'engine-error'],
  ])('knows the cause of %s', (code, cause) => {
    expect(failureOf(new HayasaError({ code, message: same('what'), hint: same('way out') }))).toEqual({
      cause,
      message: same('what'),
      hint: same('way out'),
    });
  });

  it.each([
    new RangeError('Array buffer allocation failed'),
    new Error('std::bad_alloc'),
    new Error('Failed to allocate memory for requested buffer of size 274877906944'),
    Object.assign(new Error('Worker terminated'), { code: 'ERR_WORKER_OUT_OF_MEMORY' }),
  ])('recognises that memory ran out: %s', (error) => {
    expect(failureOf(error).cause).toBe('out-of-memory');
  });

  it('takes anything else for an error of the engine', () => {
    expect(failureOf('text')).toEqual({ cause: 'engine-error', message: 'text' });
    expect(failureOf(new TypeError('x is undefined'))).toEqual({
      cause: 'engine-error',
      message: 'x is undefined',
    });
  });
});

describe('environmentFacts', () => {
  it('tells what is there and leaves out what is not', () => {
    const host = testHost({
      system: { environment: { OMP_NUM_THREADS: '2', HOME: '/home/test' } },
      files: {
        '/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor': 'powersave\n',
        '/proc/self/status': 'Name:\tnode\nCpus_allowed_list:\t0-1\n',
      },
    });
    expect(environmentFacts(host)).toEqual({
      node: '20.19.0',
      OMP_NUM_THREADS: '2',
      'cpu governor': 'powersave',
      'cpus allowed': '0-1',
    });
  });
});

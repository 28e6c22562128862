import { afterAll, describe, expect, it } from 'vitest';
import { realSystemFacts } from '../../host/system-facts.ts';
import { GraphBuilder } from '../../models/onnx/graph-builder.ts';
import { libraryPath } from './library.ts';
import { openOnnxRuntime } from './runtime.ts';
import { DEFAULT_SESSION_OPTIONS } from './session.ts';
import { OrtError } from './status.ts';
import { allocate } from './tensor.ts';

const runtime = openOnnxRuntime(realSystemFacts());
afterAll(() => runtime.release());

/** y[m, n] = a[m, k] b[k, n] */
function matrixMultiply(): Uint8Array {
  const graph = new GraphBuilder();
  const a = graph.input('a', 'float32', ['m', 'k']);
  const b = graph.input('b', 'float32', ['k', 'n']);
  graph.node('MatMul', [a, b], 'y');
  graph.output('y', 'float32', ['m', 'n']);
  return graph.encode('multiply');
}

describe('openOnnxRuntime', () => {
  it('reports the version of the locked npm package', () => {
    expect(runtime.version).toBe('1.30.0');
  });

  it('names the platforms that have a library', () => {
    expect(() => libraryPath({ platform: 'aix', architecture: 'ppc64' })).toThrow(
      'onnxruntime-node has no library for aix/ppc64',
    );
  });

  it('runs a bound graph over own memory, and again with new values', () => {
    const session = runtime.createSession({ bytes: matrixMultiply() }, DEFAULT_SESSION_OPTIONS);
    const [a, b, y] = [allocate('float32', 4), allocate('float32', 4), allocate('float32', 4)];
    a.set([1, 2, 3, 4]);
    b.set([1, 0, 0, 1]);
    const tensors = [a, b, y].map((memory) => runtime.tensor('float32', [2, 2], memory));
    const binding = session.createBinding();
    binding.bindInput('a', tensors[0]!);
    binding.bindInput('b', tensors[1]!);
    binding.bindOutput('y', tensors[2]!);
    binding.run();
    expect([...y]).toEqual([1, 2, 3, 4]);
    b.set([0, 1, 1, 0]);
    binding.run();
    expect([...y]).toEqual([2, 1, 4, 3]);
    const runOptions = runtime.createRunOptions();
    runOptions.terminate();
    expect(() => binding.run(runOptions)).toThrow(/terminate/i);
    runOptions.resume();
    binding.run(runOptions);
    for (const thing of [...tensors, binding, runOptions, session]) thing.release();
  });

  it('accepts every session option', () => {
    const session = runtime.createSession(
      { bytes: matrixMultiply() },
      {
        threads: 2,
        graphOptimisation: 'basic',
        prepacking: false,
        memoryPattern: false,
        arena: false,
        spinning: false,
        config: { 'session.set_denormal_as_zero': '1' },
      },
    );
    session.release();
  });

  it('carries the library’s own code and words', () => {
    const attempt = () => runtime.createSession({ path: '/nowhere/model.onnx' }, DEFAULT_SESSION_OPTIONS);
    expect(attempt).toThrow(OrtError);
    expect(attempt).toThrow(/\/nowhere\/model\.onnx/);
  });
});

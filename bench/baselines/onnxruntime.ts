/**
 * The fastest loop over ONNX Runtime's C API that we know how to write, with nothing of Hayasa around it but the binding
 * in `src/native`: bound buffers, one run per step, raw stamps. The engine is compared with it, so it shares none of the
 * engine's code: what the engine loses against it is Hayasa's own overhead.
 */
import type { Host } from '../../src/host/host.ts';
import {
  type OrtBinding,
  type OrtRuntime,
  type OrtSession,
  openOnnxRuntime,
} from '../../src/native/onnxruntime/runtime.ts';
import { DEFAULT_SESSION_OPTIONS } from '../../src/native/onnxruntime/session.ts';
import { allocate, type ElementType } from '../../src/native/onnxruntime/tensor.ts';
import { type BareStamps, barePrompt } from './llama-cpp.ts';

/** The part of the model's shape that the loop needs. */
export interface BareShape {
  readonly layerCount: number;
  readonly kvHeadCount: number;
  readonly headSize: number;
  readonly vocabularySize: number;
}

export interface BareOnnxruntimeRun {
  /** A graph of `src/models/onnx` with fused attention and a float32 cache. */
  readonly graphPath: string;
  readonly shape: BareShape;
  readonly batch: number;
  /** Prompt tokens of each sequence. */
  readonly input: number;
  /** New tokens of each sequence. */
  readonly output: number;
  readonly threads: number;
}

export interface BareOnnxruntime {
  /** One generation; the first one warms up. */
  generate(): BareStamps;
  close(): void;
}

/** Loads the graph and binds everything for one shape; nothing of that is timed. */
export function openBareOnnxruntime(host: Host, run: BareOnnxruntimeRun): BareOnnxruntime {
  const { shape, batch, input, output } = run;
  const { clock } = host;
  const runtime = openOnnxRuntime(host.system);
  const options = { ...DEFAULT_SESSION_OPTIONS, threads: run.threads };
  const session = runtime.createSession({ path: run.graphPath }, options);
  const dimensions = [batch, shape.kvHeadCount, input + output, shape.headSize];
  const cache = Array.from({ length: shape.layerCount * 2 }, (_, i) => {
    const memory = allocate(
      'float32',
      dimensions.reduce((product, d) => product * d, 1),
    );
    return {
      name: `${i >> 1}.${i % 2 === 0 ? 'k' : 'v'}`,
      tensor: runtime.tensor('float32', dimensions, memory),
    };
  });
  const prefill = bindStep(runtime, session, cache, batch, input);
  const decode = bindStep(runtime, session, cache, batch, 1);
  const prompts = Array.from({ length: batch }, (_, row) => barePrompt(row, input, shape.vocabularySize));

  return {
    generate: () => {
      const steps_ns: bigint[] = [];
      const history = new BigInt64Array(output * batch);
      prefill.ids.set(prompts.flat().map(BigInt));
      prefill.positions.fill(input - 1);
      prefill.total[0] = input;
      const start_ns = clock.monotonic_ns();
      prefill.binding.run();
      steps_ns.push(clock.monotonic_ns());
      history.set(prefill.next);
      decode.ids.set(prefill.next);
      for (let step = 1; step < output; step += 1) {
        decode.positions.fill(input + step - 1);
        decode.total[0] = input + step;
        decode.binding.run();
        steps_ns.push(clock.monotonic_ns());
        history.set(decode.next, step * batch);
        decode.ids.set(decode.next);
      }
      return { start_ns, steps_ns, tokens: bySequence(history, batch, output) };
    },
    close: () => {
      for (const step of [prefill, decode]) {
        step.binding.release();
        for (const tensor of step.tensors) tensor.release();
      }
      for (const { tensor } of cache) tensor.release();
      session.release();
      runtime.release();
    },
  };
}

/** [step][sequence] -> a list per sequence */
export function bySequence(history: BigInt64Array, batch: number, output: number): number[][] {
  return Array.from({ length: batch }, (_, row) =>
    Array.from({ length: output }, (_, step) => Number(history[step * batch + row])),
  );
}

type NamedTensor = { readonly name: string; readonly tensor: ReturnType<OrtRuntime['tensor']> };

function bindStep(
  runtime: OrtRuntime,
  session: OrtSession,
  cache: readonly NamedTensor[],
  batch: number,
  length: number,
) {
  const binding: OrtBinding = session.createBinding();
  const tensors: NamedTensor['tensor'][] = [];
  const make = <T extends ElementType>(
    name: string,
    type: T,
    dimensions: readonly number[],
    isOutput = false,
  ) => {
    const memory = allocate(
      type,
      dimensions.reduce((product, d) => product * d, 1),
    );
    const tensor = runtime.tensor(type, dimensions, memory);
    if (isOutput) binding.bindOutput(name, tensor);
    else binding.bindInput(name, tensor);
    tensors.push(tensor);
    return memory;
  };
  const ids = make('input_ids', 'int64', [batch, length]);
  const lastRows = make('last_rows', 'int64', [batch]);
  for (let row = 0; row < batch; row += 1) lastRows[row] = BigInt(row * length + length - 1);
  const positions = make('last_positions', 'int32', [batch]);
  const total = make('total_length', 'int32', [1]);
  const next = make('next', 'int64', [batch], true);
  for (const { name, tensor } of cache) {
    binding.bindInput(`past.${name}`, tensor);
    binding.bindOutput(`present.${name}`, tensor);
  }
  return { binding, ids, positions, total, next, tensors };
}

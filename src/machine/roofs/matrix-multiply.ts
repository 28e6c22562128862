/** FLOP/s of a large matrix multiply through ONNX Runtime, by dtype; a multiply-add counts 2. */
import type { Clock } from '../../host/host.ts';
import type { OrtRuntime } from '../../native/onnxruntime/runtime.ts';
import { DEFAULT_SESSION_OPTIONS } from '../../native/onnxruntime/session.ts';
import { allocate } from '../../native/onnxruntime/tensor.ts';
import { bestRate, type RepeatPolicy } from './best-rate.ts';
import { type MultiplyDtype, multiplyGraph, rowSumGraph } from './graphs.ts';

/** [size, size] x [size, size]. @throws OrtError where the library has no such operator here */
export function measureMultiply(
  clock: Pick<Clock, 'monotonic_ns'>,
  runtime: OrtRuntime,
  policy: RepeatPolicy,
  threads: number,
  dtype: MultiplyDtype,
  size: number,
): Promise<number> {
  const shape = [size, size] as const;
  return runGraph(runtime, threads, multiplyGraph(dtype, size), { input: shape, output: shape }, (run) =>
    bestRate(clock, policy, 2 * size ** 3, run),
  );
}

/** Columns of the matrix whose rows are summed: one row is 16 KiB. */
const COLUMNS = 4096;

/** Bytes per second of a sum over the rows of a float32 matrix of about `bufferBytes`. @throws OrtError */
export function measureRowSums(
  clock: Pick<Clock, 'monotonic_ns'>,
  runtime: OrtRuntime,
  policy: RepeatPolicy,
  threads: number,
  bufferBytes: number,
): Promise<number> {
  const rows = Math.max(threads, Math.floor(bufferBytes / COLUMNS / Float32Array.BYTES_PER_ELEMENT));
  const shapes = { input: [rows, COLUMNS], output: [rows, 1] } as const;
  const readBytes = rows * COLUMNS * Float32Array.BYTES_PER_ELEMENT;
  return runGraph(runtime, threads, rowSumGraph(rows, COLUMNS), shapes, (run) =>
    bestRate(clock, policy, readBytes, run),
  );
}

async function runGraph(
  runtime: OrtRuntime,
  threads: number,
  bytes: Uint8Array,
  shapes: { readonly input: readonly [number, number]; readonly output: readonly [number, number] },
  measure: (run: () => void) => Promise<number>,
): Promise<number> {
  const session = runtime.createSession({ bytes }, { ...DEFAULT_SESSION_OPTIONS, threads });
  const binding = session.createBinding();
  const a = allocate('float32', shapes.input[0] * shapes.input[1]).fill(0.5);
  const c = allocate('float32', shapes.output[0] * shapes.output[1]);
  const tensors = [
    runtime.tensor('float32', shapes.input, a),
    runtime.tensor('float32', shapes.output, c),
  ] as const;
  try {
    binding.bindInput('a', tensors[0]);
    binding.bindOutput('c', tensors[1]);
    return await measure(() => binding.run());
  } finally {
    binding.release();
    for (const tensor of tensors) tensor.release();
    session.release();
  }
}

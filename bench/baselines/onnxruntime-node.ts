/**
 * The library's own JavaScript API, onnxruntime-node, used well, in two ways: as everyone writes it (each step returns
 * new tensors, the whole KV cache among them), and with preallocated outputs (past and present are the same tensors, so
 * that less is copied). The same graph as the engine's; the claim is against the better of the two.
 */
import * as ort from 'onnxruntime-node';
import type { Host } from '../../src/host/host.ts';
import { type BareStamps, barePrompt } from './llama-cpp.ts';
import { type BareOnnxruntimeRun, bySequence } from './onnxruntime.ts';

export interface OnnxruntimeNodeRun extends BareOnnxruntimeRun {
  /** `copying`: outputs are made by the library; `preallocated`: outputs are given to it. */
  readonly outputs: 'copying' | 'preallocated';
}

export interface OnnxruntimeNode {
  /** One generation; the first one warms up. */
  generate(): Promise<BareStamps>;
  close(): Promise<void>;
}

type Tensors = Record<string, ort.Tensor>;

/** Loads the graph; nothing of that is timed. */
export async function openOnnxruntimeNode(host: Host, run: OnnxruntimeNodeRun): Promise<OnnxruntimeNode> {
  const { shape, batch, input, output } = run;
  const session = await ort.InferenceSession.create(run.graphPath, {
    intraOpNumThreads: run.threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
  });
  const prompts = Array.from({ length: batch }, (_, row) => barePrompt(row, input, shape.vocabularySize));
  return {
    generate: async () => {
      const steps_ns: bigint[] = [];
      const history = new BigInt64Array(output * batch);
      let cache = emptyCache(run);
      let ids = BigInt64Array.from(prompts.flat(), BigInt);
      const start_ns = host.clock.monotonic_ns();
      for (let step = 0; step < output; step += 1) {
        const length = step === 0 ? input : 1;
        const inputs = { ...stepInputs(batch, length, input + step, ids), ...named(cache, 'past') };
        const fetched = await session.run(inputs, fetches(run, cache));
        steps_ns.push(host.clock.monotonic_ns());
        ids = fetched['next']?.data as BigInt64Array<ArrayBuffer>;
        history.set(ids, step * batch);
        if (run.outputs === 'copying') cache = presentOf(fetched, cache);
      }
      return { start_ns, steps_ns, tokens: bySequence(history, batch, output) };
    },
    close: () => session.release(),
  };
}

function stepInputs(batch: number, length: number, total: number, ids: BigInt64Array): Tensors {
  const rows = BigInt64Array.from({ length: batch }, (_, row) => BigInt(row * length + length - 1));
  return {
    input_ids: new ort.Tensor('int64', ids, [batch, length]),
    last_rows: new ort.Tensor('int64', rows, [batch]),
    last_positions: new ort.Tensor('int32', new Int32Array(batch).fill(total - 1), [batch]),
    total_length: new ort.Tensor('int32', Int32Array.of(total), [1]),
  };
}

/** By `<layer>.k` and `<layer>.v`. */
function emptyCache({ shape, batch, input, output }: OnnxruntimeNodeRun): Tensors {
  const dimensions = [batch, shape.kvHeadCount, input + output, shape.headSize];
  const elements = dimensions.reduce((product, d) => product * d, 1);
  const names = Array.from({ length: shape.layerCount }, (_, layer) => [`${layer}.k`, `${layer}.v`]).flat();
  return Object.fromEntries(
    names.map((name) => [name, new ort.Tensor('float32', new Float32Array(elements), dimensions)]),
  );
}

const named = (cache: Tensors, prefix: 'past' | 'present'): Tensors =>
  Object.fromEntries(Object.entries(cache).map(([name, tensor]) => [`${prefix}.${name}`, tensor]));

const presentOf = (fetched: Readonly<Record<string, unknown>>, cache: Tensors): Tensors =>
  Object.fromEntries(Object.keys(cache).map((name) => [name, fetched[`present.${name}`] as ort.Tensor]));

/** What is asked for: names alone, or names with the tensors that the results go to. Logits are left out. */
function fetches({ outputs, batch }: OnnxruntimeNodeRun, cache: Tensors): string[] | Tensors {
  if (outputs === 'copying') return ['next', ...Object.keys(cache).map((name) => `present.${name}`)];
  const next = new ort.Tensor('int64', new BigInt64Array(batch), [batch]);
  return { next, ...named(cache, 'present') };
}

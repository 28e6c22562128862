/** The registry: for each engine its own timers, and the programs that time the same work without Hayasa. Pure. */
import type { EngineName } from '../bare-loops/loaded-engine.ts';
import {
  readGenAi,
  readLlamaBench,
  readOptimumBenchmark,
  readPlainCalls,
  readVllmLatency,
} from './peer-output.ts';
import type { Times } from './times.ts';

/** A module of `python/peers`, run in the engine's environment. */
export interface PythonProgram {
  readonly kind: 'python';
  readonly module: string;
  readonly args: readonly string[];
  /** Installed for it into a folder of the cache, without what they depend on. */
  readonly packages: readonly string[];
}

export interface Peer {
  readonly title: string;
  /** Of Python; or a program of `bench/`, which prints its result. */
  readonly program: PythonProgram | { readonly kind: 'node'; readonly file: string };
  /** Its result -> times of every repeat. */
  readonly read: (text: string) => Times[];
}

export interface FidelityEngine {
  readonly engine: EngineName;
  /** Asked for in the request; or why there are none. */
  readonly ownTimers: { readonly ask: 'engineTimers' | 'profile' } | { readonly none: string };
  readonly peers: readonly Peer[];
  /** Calls of the library that Hayasa's worker takes turns with in one process, on one loaded model. */
  readonly inTurn: readonly InTurn[];
}

export interface InTurn {
  readonly title: string;
  readonly program: PythonProgram;
}

const inTurn = (title: string, ...args: readonly string[]): InTurn => ({
  title: `${title}, in turn in one process`,
  program: { kind: 'python', module: 'in_turn', args, packages: [] },
});

const python = (
  title: string,
  module: string,
  read: Peer['read'],
  more: { readonly args?: readonly string[]; readonly packages?: readonly string[] } = {},
): Peer => ({ title, read, program: { kind: 'python', module, args: [], packages: [], ...more } });

const VLLM_PEERS: readonly Peer[] = [
  python('vllm bench latency (draws tokens at temperature 1)', 'vllm_latency', readVllmLatency),
  python('vllm bench latency, made greedy', 'vllm_latency', readVllmLatency, { args: ['greedy'] }),
];

const VLLM_IN_TURN: readonly InTurn[] = [
  inTurn('LLM.generate', 'vllm', 'llm-greedy'),
  inTurn('LLM.generate that draws at temperature 1', 'vllm', 'llm-drawn'),
];

/**
 * Versions that were tried beside Transformers 4.40 of the BetterTransformer environment; what they declare and have no
 * use for is left out. Newer pandas, datasets and pyarrow need other versions of NumPy and of the hub's client.
 */
const OPTIMUM_BENCHMARK: readonly string[] = [
  'optimum-benchmark==0.6.0',
  'accelerate==1.15.0',
  'colorlog==6.12.0',
  'flatten-dict==0.5.0',
  'hydra-core==1.3.8',
  'omegaconf==2.4.0',
  'antlr4-python3-runtime==4.9.3',
  'nvidia-ml-py==13.615.71',
  'pandas==2.2.3',
  'pytz==2026.6',
  'tzdata==2026.6',
  'python-dateutil==4.0.0',
  'six==1.17.0',
  'datasets==4.1.1',
  'multiprocess==0.70.19',
  'dill==0.4.1',
  'pyarrow==21.0.0',
  'xxhash==4.1.0',
  'rich==15.0.0',
  'markdown-it-py==4.3.0',
  'mdurl==0.1.2',
  'pygments==2.21.0',
];

export const FIDELITY_ENGINES: readonly FidelityEngine[] = [
  {
    engine: { id: 'llama-cpp' },
    ownTimers: { ask: 'engineTimers' },
    peers: [
      {
        title: "llama-bench's definition over the same library",
        program: { kind: 'node', file: 'llama-bench-child.js' },
        read: readLlamaBench,
      },
    ],
    // Part `bare-loops` takes turns with a bare loop over the same library.
    inTurn: [],
  },
  // Compared with a bare loop by part `engines`; the library has no benchmark of generation.
  { engine: { id: 'onnxruntime' }, ownTimers: { ask: 'profile' }, peers: [], inTurn: [] },
  {
    engine: { id: 'transformers' },
    ownTimers: { none: 'generate keeps no times' },
    peers: [python('plain generate loop', 'transformers_generate', readPlainCalls)],
    inTurn: [inTurn('plain generate', 'transformers', 'generate')],
  },
  {
    engine: { id: 'bettertransformer', options: { form: 'eager' } },
    ownTimers: { none: 'generate keeps no times' },
    peers: [
      python('plain generate loop', 'transformers_generate', readPlainCalls),
      // It does not start with Transformers 5, from which it imports what is gone.
      python('Optimum-Benchmark 0.6.0', 'optimum_benchmark_run', readOptimumBenchmark, {
        packages: OPTIMUM_BENCHMARK,
      }),
    ],
    inTurn: [inTurn('plain generate', 'bettertransformer', 'generate', 'form=eager')],
  },
  {
    engine: { id: 'openvino' },
    ownTimers: { ask: 'engineTimers' },
    peers: [python("OpenVINO GenAI's metrics", 'openvino_genai_metrics', readGenAi)],
    inTurn: [inTurn("GenAI's pipeline", 'openvino', 'genai')],
  },
  {
    engine: { id: 'ctranslate2' },
    ownTimers: {
      none: 'its Generator reports no times, and its profiler is left out of the published build',
    },
    peers: [python('plain generate_batch loop', 'ctranslate2_generate', readPlainCalls)],
    inTurn: [inTurn('plain generate_batch', 'ctranslate2', 'generate_batch')],
  },
  {
    engine: { id: 'vllm', version: '0.32.0' },
    ownTimers: { ask: 'engineTimers' },
    peers: VLLM_PEERS,
    inTurn: VLLM_IN_TURN,
  },
  {
    engine: { id: 'vllm', version: '0.30.0' },
    ownTimers: { ask: 'engineTimers' },
    peers: VLLM_PEERS,
    inTurn: VLLM_IN_TURN,
  },
];

/** `vllm@0.30.0`, `llama-cpp`, `bettertransformer form=eager` */
export const labelOf = ({ id, version, options = {} }: EngineName): string =>
  [
    version === undefined ? id : `${id}@${version}`,
    ...Object.entries(options).map(([name, value]) => `${name}=${value}`),
  ].join(' ');

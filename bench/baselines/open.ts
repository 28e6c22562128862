/** Opens the baseline of a job: the same graph or GGUF file as the engine's, out of the same cache. */

import { llamaPrecision } from '../../src/engines/llama-cpp/precisions.ts';
import { onnxruntimeOptions } from '../../src/engines/onnxruntime/options.ts';
import { graphVariant } from '../../src/engines/onnxruntime/precisions.ts';
import type { Host } from '../../src/host/host.ts';
import { openCheckpoint } from '../../src/models/checkpoint/open.ts';
import { ensureGguf } from '../../src/models/gguf/write.ts';
import { prepareGraph } from '../../src/models/onnx/work-folder.ts';
import { adviseHugePages } from '../../src/native/huge-pages.ts';
import type { Job } from './job.ts';
import { type BareStamps, openBareLlama } from './llama-cpp.ts';
import { openBareOnnxruntime } from './onnxruntime.ts';
import { openOnnxruntimeNode } from './onnxruntime-node.ts';

/** One generation for each call. Nothing is closed: the process ends. */
export async function openBaseline(host: Host, job: Job): Promise<() => BareStamps | Promise<BareStamps>> {
  switch (job.kind) {
    case 'llama-cpp': {
      const loop = openBareLlama(host, { ...job, ggufPath: ggufPath(host, job) });
      // As the engines do by default: the ratio is to show what Hayasa adds, not what huge pages give.
      adviseHugePages(host);
      return () => loop.generate();
    }
    case 'onnxruntime': {
      const loop = openBareOnnxruntime(host, { ...job, ...graph(host, job) });
      adviseHugePages(host);
      return () => loop.generate();
    }
    case 'onnxruntime-node-copying':
    case 'onnxruntime-node-preallocated': {
      const outputs = job.kind === 'onnxruntime-node-copying' ? 'copying' : 'preallocated';
      const loop = await openOnnxruntimeNode(host, { ...job, ...graph(host, job), outputs });
      return () => loop.generate();
    }
  }
}

function graph(host: Host, { modelPath, precision }: Job) {
  const checkpoint = openCheckpoint(host.files, modelPath);
  const variant = graphVariant(precision, onnxruntimeOptions.parse({}));
  const observer = { stage: () => {}, progress: () => {} };
  const { path } = prepareGraph(host.files, checkpoint, variant, host.system.cacheFolder, observer);
  return { graphPath: path, shape: checkpoint.shape };
}

/** The file of a precision, written where the cache has none. */
export function ggufPath(host: Host, { modelPath, precision }: Omit<Job, 'kind'>): string {
  const found = llamaPrecision(precision);
  if (found?.type === undefined) throw new RangeError(`llama.cpp has no ${precision}`);
  return ensureGguf(host, openCheckpoint(host.files, modelPath), found.type, host.system.cacheFolder).path;
}

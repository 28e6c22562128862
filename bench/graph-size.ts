/**
 * What it costs to write the ONNX graph of rinna/japanese-gpt-neox-3.6b: time and peak memory, from config.json and the
 * header of a sparse safetensors file of the true size. No weight exists, so none can be read.
 * `node dist/bench/graph-size.js` prints the figures as JSON; run it in a process of its own, since the peak of resident
 * memory counts from the start of the process.
 */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Host } from '../src/host/host.ts';
import { realHost } from '../src/host/real-host.ts';
import { architectureById } from '../src/models/architectures/registry.ts';
import { openCheckpoint } from '../src/models/checkpoint/open.ts';
import { layoutSafetensors } from '../src/models/checkpoint/safetensors-layout.ts';
import { tensorSpecs } from '../src/models/description.ts';
import { writeModelGraph } from '../src/models/onnx/model-graph.ts';
import { presetOf } from '../src/models/presets.ts';

export interface GraphCost {
  readonly preset: string;
  /** Bytes of weights that the graph refers to. */
  readonly weightBytes: number;
  readonly graphBytes: number;
  /** Opening the checkpoint and writing the graph. */
  readonly elapsed_ns: number;
  /** High-water mark of this process, Node.js itself included. */
  readonly peakResidentBytes: number;
}

/** Measures one preset in `folder`, which must not hold a checkpoint of value. */
export function benchGraph(host: Host, presetId: string, folder: string): GraphCost {
  writeSparseCheckpoint(host, presetId, folder);
  const start_ns = host.clock.monotonic_ns();
  const checkpoint = openCheckpoint(host.files, folder);
  const tensors = new Map(
    [...checkpoint.tensors].map(([name, tensor]) => [name, { ...tensor, file: 'model.safetensors' }]),
  );
  const graph = writeModelGraph(checkpoint.description, tensors, {
    attention: 'fused',
    kvCacheFormat: 'float32',
    linear: { kind: 'float' },
  });
  const elapsed_ns = Number(host.clock.monotonic_ns() - start_ns);
  return {
    preset: presetId,
    weightBytes: checkpoint.totalBytes,
    graphBytes: graph.byteLength,
    elapsed_ns,
    peakResidentBytes: process.resourceUsage().maxRSS * 1024,
  };
}

/** The preset of the target: under 1 s and 200 MB. */
export const benchGraph36b = (host: Host, folder: string): GraphCost =>
  benchGraph(host, 'japanese-gpt-neox-3.6b', folder);

/** config.json, and a float16 file whose header is true and whose data are a hole. */
function writeSparseCheckpoint({ files }: Host, presetId: string, folder: string): void {
  const { shape } = presetOf(presetId);
  const architecture = architectureById(shape.architecture);
  const specs = tensorSpecs(architecture.describe(shape));
  const layout = layoutSafetensors(specs.map((spec) => ({ ...spec, dtype: 'F16' as const })));
  const path = join(folder, 'model.safetensors');
  const file = files.createFile(path);
  file.write(layout.header);
  file.commit();
  files.truncate(path, layout.fileBytes);
  files.writeText(join(folder, 'config.json'), JSON.stringify(architecture.writeConfig(shape)));
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const host = realHost();
  const folder = join(host.system.cacheFolder, 'bench', 'sparse-3.6b');
  const cost = benchGraph36b(host, folder);
  host.files.remove(folder);
  process.stdout.write(`${JSON.stringify(cost)}\n`);
}

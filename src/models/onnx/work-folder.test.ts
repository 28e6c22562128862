import { describe, expect, it } from 'vitest';
import { testHost } from '../../host/test-host.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { openCheckpoint } from '../checkpoint/open.ts';
import { readFloats } from '../numeric/tensor-values.ts';
import { presetOf } from '../presets.ts';
import { writeSyntheticCheckpoint } from '../synthetic/synthetic-checkpoint.ts';
import { fusedSourceRow, QUANTISED_FILE, quantisedLayout } from './quantised-layout.ts';
import type { GraphVariant } from './variant.ts';
import { prepareGraph } from './work-folder.ts';

const { files } = testHost();
const shape = presetOf('tiny').shape;
writeSyntheticCheckpoint(files, {
  folder: '/model',
  shape,
  preset: 'tiny',
  seed: 5,
  dtype: 'F32',
  shards: 2,
});
const checkpoint: Checkpoint = openCheckpoint(files, '/model');

const float: GraphVariant = { attention: 'fused', kvCacheFormat: 'float32', linear: { kind: 'float' } };

function prepare(variant: GraphVariant) {
  const stages: string[] = [];
  const prepared = prepareGraph(files, checkpoint, variant, '/cache', {
    stage: (name) => stages.push(name),
    progress: () => {},
  });
  const folder = prepared.path.slice(0, prepared.path.lastIndexOf('/'));
  return { ...prepared, stages, folder };
}

describe('prepareGraph', () => {
  it('puts the graph beside links to the checkpoint, and writes nothing the second time', () => {
    const first = prepare(float);
    expect(first.stages).toEqual(['link-weights', 'write-graph']);
    expect(files.list(first.folder)).toEqual(
      expect.arrayContaining(['weights-0.safetensors', 'weights-1.safetensors']),
    );
    expect(first.bytesWritten).toBeGreaterThanOrEqual(first.graphBytes);
    const second = prepare(float);
    expect(second.path).toBe(first.path);
    expect(second.bytesWritten).toBe(0);
  });

  it('shares quantised weights between graphs that differ in nothing else', () => {
    const linear = { kind: 'groups', bits: 4, groupSize: 32, accuracyLevel: 4 } as const;
    const first = prepare({ ...float, linear });
    const plain = prepare({ ...float, attention: 'plain', linear: { ...linear, accuracyLevel: 1 } });
    expect(first.stages).toContain('quantise');
    expect(plain.stages).not.toContain('quantise');
    expect(plain.folder).toBe(first.folder);
    expect(plain.path).not.toBe(first.path);
  });

  it('quantises again where the file was cut short', () => {
    const variant: GraphVariant = { ...float, linear: { kind: 'w8a8' } };
    const { folder } = prepare(variant);
    files.truncate(`${folder}/${QUANTISED_FILE}`, 100);
    expect(prepare(variant).stages).toContain('quantise');
    expect(prepare(variant).stages).not.toContain('quantise');
  });
});

describe('the quantised file', () => {
  it('holds every value of a fused projection within half a step, in its new row', () => {
    const format = { kind: 'w8a8' } as const;
    const { folder } = prepare({ ...float, linear: format });
    const layout = quantisedLayout(checkpoint.description, format);
    const { linear, fusedHeads, values, scales } = [...layout.tensors.values()][0]!;
    const path = `${folder}/${QUANTISED_FILE}`;
    const q = new Int8Array(files.readRange(path, values.offset, values.byteLength).slice().buffer);
    const s = new Float32Array(files.readRange(path, scales.offset, scales.byteLength).slice().buffer);
    const source = readFloats(files, checkpoint.tensors.get(linear.weight)!);
    const headSize = linear.outFeatures / (3 * fusedHeads!);
    for (let row = 0; row < linear.outFeatures; row += 1) {
      const from = fusedSourceRow(row, fusedHeads!, headSize);
      for (let k = 0; k < linear.inFeatures; k += 1) {
        const restored = q[k * linear.outFeatures + row]! * s[row]!;
        const exact = source[from * linear.inFeatures + k]!;
        expect(Math.abs(restored - exact)).toBeLessThanOrEqual(s[row]! * 0.501);
      }
    }
  });
});

describe('fusedSourceRow', () => {
  it('gathers queries, then keys, then values', () => {
    // Two heads of two rows: [h0 q q k k v v, h1 q q k k v v].
    const rows = Array.from({ length: 12 }, (_, row) => fusedSourceRow(row, 2, 2));
    expect(rows).toEqual([0, 1, 6, 7, 2, 3, 8, 9, 4, 5, 10, 11]);
  });
});

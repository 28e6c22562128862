import { describe, expect, it } from 'vitest';
import { testHost } from '../../host/test-host.ts';
import { openCheckpoint } from '../checkpoint/open.ts';
import { readFloats } from '../numeric/tensor-values.ts';
import { presetOf } from '../presets.ts';
import { ensureSyntheticCheckpoint } from '../synthetic/ensure.ts';
import { dequantiseQ4_0 } from './blocks.ts';
import { qkvSourceRow } from './tensor-map.ts';
import { cachedGgufPath, ensureGguf, ggufFileBytes } from './write.ts';

const openTiny = () => {
  const host = testHost();
  const folder = ensureSyntheticCheckpoint(host, presetOf('tiny'), 1, 'F32');
  return { host, source: openCheckpoint(host.files, folder) };
};

describe('ensureGguf', () => {
  it('writes exactly the bytes it announced, once', () => {
    const { host, source } = openTiny();
    for (const type of ['f32', 'f16', 'q8_0', 'q4_0'] as const) {
      const bytes = ggufFileBytes(source, type, source.modelHash);
      const first = ensureGguf(host, source, type, '/cache');
      expect(first).toEqual({ path: cachedGgufPath('/cache', source, type), bytesWritten: bytes });
      expect(host.files.size(first.path)).toBe(bytes);
      expect(ensureGguf(host, source, type, '/cache')).toEqual({ path: first.path, bytesWritten: 0 });
    }
  });

  it('writes a file of another size again', () => {
    const { host, source } = openTiny();
    const path = cachedGgufPath('/cache', source, 'f32');
    host.files.writeText(path, 'GGUF, but cut off');
    expect(ensureGguf(host, source, 'f32', '/cache').bytesWritten).toBe(
      ggufFileBytes(source, 'f32', source.modelHash),
    );
  });

  it('starts with magic, version, and the numbers of tensors and keys', () => {
    const { host, source } = openTiny();
    const { path } = ensureGguf(host, source, 'f32', '/cache');
    const head = host.files.readRange(path, 0, 24);
    expect(new TextDecoder().decode(head.subarray(0, 4))).toBe('GGUF');
    const view = new DataView(head.buffer, head.byteOffset);
    expect(view.getUint32(4, true)).toBe(3);
    expect(view.getBigUint64(8, true)).toBe(28n);
    expect(view.getBigUint64(16, true)).toBe(15n);
  });

  it('re-orders the fused projection from [head, part, dim] to [part, head, dim]', () => {
    const { host, source } = openTiny();
    const { path } = ensureGguf(host, source, 'f32', '/cache');
    const { hiddenSize, headCount, headSize } = source.shape;
    const name = 'gpt_neox.layers.0.attention.query_key_value.weight';
    const stored = readFloats(host.files, source.tensors.get(name)!);
    const written = tensorBytes(host, path, 'blk.0.attn_qkv.weight', 4 * 3 * hiddenSize * hiddenSize);
    const values = new Float32Array(written.slice().buffer);
    // Row 1 of the values of head 1.
    const row = (2 * headCount + 1) * headSize + 1;
    const from = (1 * 3 + 2) * headSize + 1;
    expect(qkvSourceRow(row, headCount, headSize)).toBe(from);
    expect([...values.subarray(row * hiddenSize, (row + 1) * hiddenSize)]).toEqual([
      ...stored.subarray(from * hiddenSize, (from + 1) * hiddenSize),
    ]);
  });

  it('quantises matrices only, row after row', () => {
    const { host, source } = openTiny();
    const { path } = ensureGguf(host, source, 'q4_0', '/cache');
    const { hiddenSize, vocabularySize } = source.shape;
    const stored = readFloats(host.files, source.tensors.get('embed_out.weight')!);
    const blocks = tensorBytes(host, path, 'output.weight', (vocabularySize * hiddenSize * 18) / 32);
    const back = dequantiseQ4_0(blocks);
    const largest = stored.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const worst = back.reduce((most, value, i) => Math.max(most, Math.abs(value - stored[i]!)), 0);
    expect(worst).toBeLessThanOrEqual(largest / 8);
    const norm = tensorBytes(host, path, 'output_norm.weight', 4 * hiddenSize);
    expect([...new Float32Array(norm.slice().buffer)]).toEqual([
      ...readFloats(host.files, source.tensors.get('gpt_neox.final_layer_norm.weight')!),
    ]);
  });

  it('refuses rows that do not divide into blocks, before it writes', () => {
    const { host, source } = openTiny();
    const odd = {
      ...source,
      description: { ...source.description, embedding: { ...source.description.embedding, columns: 40 } },
    };
    expect(() => ensureGguf(host, odd, 'q8_0', '/odd')).toThrow('token_embd.weight: rows of 40 values');
    expect(host.files.kind(cachedGgufPath('/odd', odd, 'q8_0'))).toBeUndefined();
  });
});

/** `length` bytes of a tensor, found through its entry in the header. */
function tensorBytes(
  host: ReturnType<typeof testHost>,
  path: string,
  name: string,
  length: number,
): Uint8Array {
  const header = host.files.readRange(path, 0, 4096);
  const at = Buffer.from(header).lastIndexOf(name);
  const view = new DataView(header.buffer, header.byteOffset);
  let position = at + name.length;
  const dimensions = view.getUint32(position, true);
  position += 4 + 8 * dimensions + 4;
  const offset = Number(view.getBigUint64(position, true));
  // The data starts at the first aligned byte after the last entry, that of the head.
  const last = Buffer.from(header).lastIndexOf('output.weight') + 'output.weight'.length + 4 + 16 + 4 + 8;
  const dataStart = Math.ceil(last / 32) * 32;
  return host.files.readRange(path, dataStart + offset, length);
}

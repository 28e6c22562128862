/** The counts of plan and roofline against a sum over the tensors of the files that Transformers wrote. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ARCHITECTURES } from '../../src/models/architectures/registry.ts';
import { kvCacheBytesPerToken, parameterCount, stepCost, weightBytes } from '../../src/models/counts.ts';
import { precisionKind } from '../../src/models/precision.ts';
import { checkpointOf, MODELS, names } from './compare.ts';

const EMBEDDING = /embed_in\.weight$|embed_tokens\.weight$/;
const POSITIONS = /embed_positions\.weight$/;
const HEAD = /embed_out\.weight$|lm_head\.weight$/;

/** Elements of every tensor in the file by its name, read here and not by what is tested. */
function elementsOf(
  name: string,
): ReadonlyMap<string, { readonly elements: number; readonly matrix: boolean }> {
  const bytes = readFileSync(join(MODELS, name, 'model.safetensors'));
  const header: object = JSON.parse(bytes.subarray(8, 8 + Number(bytes.readBigUInt64LE(0))).toString('utf8'));
  const tensors = Object.entries(header).filter(([key]) => key !== '__metadata__');
  return new Map(
    tensors.map(([key, { shape }]: [string, { readonly shape: readonly number[] }]) => [
      key,
      { elements: shape.reduce((product, size) => product * size, 1), matrix: shape.length === 2 },
    ]),
  );
}

it('has a file of every architecture', () => {
  const known = new Set(names.map((name) => checkpointOf(name).shape.architecture));
  expect([...known].sort()).toEqual(ARCHITECTURES.map(({ id }) => id).sort());
});

describe.each(names)('the counts of %s', (name) => {
  const { description, shape } = checkpointOf(name);
  const config = JSON.parse(readFileSync(join(MODELS, name, 'config.json'), 'utf8'));
  const isTied = config.tie_word_embeddings === true;
  // The files keep the tied head of small models apart: a copy that nothing reads.
  const tensors = [...elementsOf(name)].filter(([key]) => !isTied || !HEAD.test(key));
  const sum = (pick: (key: string) => boolean) =>
    tensors.filter(([key]) => pick(key)).reduce((total, [, { elements }]) => total + elements, 0);
  const embedding = sum((key) => EMBEDDING.test(key));
  const positions = sum((key) => POSITIONS.test(key));
  /** Matrices that every token is multiplied with; a tied head is the embedding. */
  const products = tensors
    .filter(([key, { matrix }]) => matrix && !EMBEDDING.test(key) && !POSITIONS.test(key) && !HEAD.test(key))
    .reduce((total, [, { elements }]) => total + elements, 0);

  it('hold every parameter of the file', () => {
    const all = sum(() => true);
    expect(parameterCount(description)).toBe(all);
    expect(weightBytes(description, precisionKind('fp32').precision)).toBe(4 * all);
    expect(weightBytes(description, precisionKind('fp16').precision)).toBe(2 * all);
  });

  it('make a decode step read each weight once, and multiply with each matrix', () => {
    const [batch, context] = [3, 5];
    const cost = stepCost({
      description,
      precision: precisionKind('fp32').precision,
      batch,
      newTokensPerSequence: 1,
      contextTokens: context,
    });
    // Of embedding and positions only the rows of the tokens; a tied head reads all of the embedding besides.
    const read = sum(() => true) - positions - (isTied ? 0 : embedding);
    const rows = batch * shape.hiddenSize * (positions === 0 ? 1 : 2);
    expect(cost.weightBytes).toBe(4 * (read + rows));
    const attention = shape.layerCount * 4 * (context + 1) * shape.headCount * shape.headSize;
    expect(cost.flops).toBe(batch * (2 * (products + embedding) + attention));
    const perToken = kvCacheBytesPerToken(shape, 'float32');
    expect([cost.kvReadBytes, cost.kvWriteBytes]).toEqual([batch * context * perToken, batch * perToken]);
  });

  it('hold keys and values as wide as their projections', () => {
    const first = (part: string) => tensors.find(([key]) => key.endsWith(`.${part}.weight`))?.[1].elements;
    const fused = first('query_key_value');
    const rows = (fused === undefined ? (first('k_proj') ?? 0) : fused / 3) / shape.hiddenSize;
    expect(kvCacheBytesPerToken(shape, 'float32')).toBe(4 * 2 * shape.layerCount * rows);
  });
});

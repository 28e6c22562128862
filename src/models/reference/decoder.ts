/**
 * The decoder written down as plainly as it can be: one token at a time, float64 sums over the stored weights, keys and
 * values kept in growing lists. It is the oracle that engines are compared with; nothing in it is fast on purpose.
 * Attention is in attention.ts.
 */
import type { Files } from '../../host/host.ts';
import { HayasaError } from '../../kernel/errors.ts';
import type { Checkpoint } from '../checkpoint/checkpoint.ts';
import { type DecoderBlock, type Linear, type Norm, projectionLinears } from '../description.ts';
import { readFloats } from '../numeric/tensor-values.ts';
import { attend, type LayerCache, type LoadedAttention } from './attention.ts';
import { activate, applyLinear, applyNorm, type DenseLinear, type DenseNorm } from './linear-algebra.ts';

export interface ReferenceSequence {
  /** Appends a token at the next position. Returns the logits of the token after it. @throws HayasaError */
  next(token: number): Float64Array;
}

export interface ReferenceModel {
  /** A new, empty sequence. */
  start(): ReferenceSequence;
}

interface LoadedBlock extends LoadedAttention {
  readonly block: DecoderBlock;
  readonly attentionNorm: DenseNorm;
  readonly outputNorms: { readonly attention: DenseNorm; readonly mlp: DenseNorm } | undefined;
  readonly mlpNorm: DenseNorm;
  readonly gate: DenseLinear | undefined;
  readonly up: DenseLinear;
  readonly down: DenseLinear;
}

/** Reads all weights into memory as float32: meant for small checkpoints. @throws HayasaError where a file is gone */
export function loadReference(files: Files, checkpoint: Checkpoint): ReferenceModel {
  const { description } = checkpoint;
  const { linear, norm, read } = reader(files, checkpoint);
  const blocks = description.blocks.map((block): LoadedBlock => {
    const { attention, mlp, outputNorms } = block;
    const { projection } = attention;
    const headNorms = projection.kind === 'separate-qkv' ? projection.headNorms : undefined;
    return {
      block,
      attention,
      attentionNorm: norm(block.attentionNorm),
      projections: projectionLinears(attention).map(linear),
      headNorms: headNorms && { query: norm(headNorms.query), key: norm(headNorms.key) },
      output: linear(attention.output),
      outputNorms: outputNorms && { attention: norm(outputNorms.attention), mlp: norm(outputNorms.mlp) },
      mlpNorm: norm(block.mlpNorm),
      gate: mlp.kind === 'gated' ? linear(mlp.gate) : undefined,
      up: linear(mlp.up),
      down: linear(mlp.down),
    };
  });
  const { rows, columns, scale = 1 } = description.embedding;
  const embedding = read(description.embedding.weight);
  const { positions } = description;
  const positionRows = positions && read(positions.weight);
  const finalNorm = norm(description.finalNorm);
  const head = linear(description.head);

  const start = (): ReferenceSequence => {
    let position = 0;
    const caches: LayerCache[] = blocks.map(() => ({ keys: [], values: [] }));
    return {
      next: (token) => {
        if (!Number.isInteger(token) || token < 0 || token >= rows) {
          throw new HayasaError({
            code: 'reference/token-outside-vocabulary',
            message: {
              en: `token ${token} is outside the vocabulary of ${rows}`,
              ja: `トークン ${token} は語彙（${rows} 個）の範囲外です`,
            },
          });
        }
        let hidden = Float64Array.from(
          embedding.subarray(token * columns, (token + 1) * columns),
          (value) => value * scale,
        );
        if (positions !== undefined && positionRows !== undefined) {
          const from = (position + positions.offset) * positions.columns;
          hidden = add(hidden, Float64Array.from(positionRows.subarray(from, from + positions.columns)));
        }
        position += 1;
        blocks.forEach((block, i) => {
          hidden = applyBlock(block, hidden, caches[i] as LayerCache);
        });
        return applyLinear(head, applyNorm(finalNorm, hidden));
      },
    };
  };
  return { start };
}

/** How a checkpoint's tensors become dense ones. */
function reader(files: Files, checkpoint: Checkpoint) {
  const read = (name: string): Float32Array => {
    const tensor = checkpoint.tensors.get(name);
    if (tensor === undefined) {
      throw new HayasaError({
        code: 'reference/missing-tensor',
        message: { en: `${name} is not in the checkpoint`, ja: `${name} がチェックポイントにありません` },
      });
    }
    return readFloats(files, tensor);
  };
  const linear = ({ weight, bias, outFeatures, inFeatures }: Linear): DenseLinear => ({
    weight: read(weight),
    bias: bias === undefined ? undefined : read(bias),
    outFeatures,
    inFeatures,
  });
  const norm = (described: Norm): DenseNorm => {
    const { weight, epsilon } = described;
    return described.kind === 'layer-norm'
      ? { kind: 'layer-norm', weight: read(weight), bias: read(described.bias), epsilon }
      : { kind: 'rms-norm', weight: read(weight), offset: described.offset, epsilon };
  };
  return { read, linear, norm };
}

function applyBlock(loaded: LoadedBlock, x: Float64Array, cache: LayerCache): Float64Array<ArrayBuffer> {
  const { block, attentionNorm, mlpNorm, outputNorms } = loaded;
  const mlp = (input: Float64Array): Float64Array =>
    normed(outputNorms?.mlp, applyMlp(loaded, applyNorm(mlpNorm, input)));
  const attended = add(x, normed(outputNorms?.attention, attend(loaded, applyNorm(attentionNorm, x), cache)));
  switch (block.residual) {
    case 'parallel':
      return add(attended, mlp(x));
    case 'sequential':
      return add(attended, mlp(attended));
  }
}

function applyMlp({ block, gate, up, down }: LoadedBlock, x: Float64Array): Float64Array {
  const { activation } = block.mlp;
  const wide = applyLinear(up, x);
  const inner =
    gate === undefined
      ? wide.map((value) => activate(activation, value))
      : applyLinear(gate, x).map((value, i) => activate(activation, value) * (wide[i] as number));
  return applyLinear(down, inner);
}

const normed = (norm: DenseNorm | undefined, x: Float64Array): Float64Array =>
  norm === undefined ? x : applyNorm(norm, x);

const add = (a: Float64Array, b: Float64Array): Float64Array<ArrayBuffer> =>
  Float64Array.from(a, (value, i) => value + (b[i] as number));

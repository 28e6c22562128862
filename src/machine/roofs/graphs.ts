/**
 * One-node ONNX graphs of a square matrix multiply, one per dtype, with the operators that the onnxruntime engine uses:
 * float32 MatMul, DynamicQuantizeMatMul (int8 x int8, activations quantised at run time), MatMulNBits (4-bit weights in
 * groups of 32, int8 compute). The weights are constants of the graph, so that the library arranges them for its kernels.
 * Also a sum over rows: the memory read where the C library cannot be used.
 */
import { MICROSOFT } from '../../models/onnx/graph-builder.ts';
import {
  type AttributeProto,
  DATA_TYPES,
  type DataType,
  encodeModel,
  type TensorProto,
  type ValueInfoProto,
} from '../../models/onnx/proto.ts';

export const MULTIPLY_DTYPES = ['float32', 'int8', 'int4'] as const;
export type MultiplyDtype = (typeof MULTIPLY_DTYPES)[number];

/** Weights that share one scale in 4 bit. */
const GROUP_SIZE = 32;

/** [size, size] x [size, size]: input `a`, output `c`, both float32. */
export function multiplyGraph(dtype: MultiplyDtype, size: number): Uint8Array {
  switch (dtype) {
    case 'float32':
      return graph({
        operator: 'MatMul',
        inputs: ['a', 'b'],
        initializers: [tensor('b', 'float32', [size, size], floats(size * size))],
        input: ['a', [size, size]],
        output: ['c', [size, size]],
      });
    case 'int8':
      return graph({
        operator: 'DynamicQuantizeMatMul',
        domain: MICROSOFT,
        inputs: ['a', 'b', 'scale'],
        initializers: [
          tensor('b', 'int8', [size, size], pattern(size * size)),
          tensor('scale', 'float32', [size], floats(size)),
        ],
        input: ['a', [size, size]],
        output: ['c', [size, size]],
      });
    case 'int4': {
      const groups = size / GROUP_SIZE;
      return graph({
        operator: 'MatMulNBits',
        domain: MICROSOFT,
        inputs: ['a', 'b', 'scale'],
        attributes: { K: size, N: size, bits: 4, block_size: GROUP_SIZE, accuracy_level: 4 },
        initializers: [
          tensor('b', 'uint8', [size, groups, GROUP_SIZE / 2], pattern((size * size) / 2)),
          tensor('scale', 'float32', [size * groups], floats(size * groups)),
        ],
        input: ['a', [size, size]],
        output: ['c', [size, size]],
      });
    }
  }
}

/** Sums of the rows of `a` [rows, columns] into `c` [rows, 1]. */
export function rowSumGraph(rows: number, columns: number): Uint8Array {
  return graph({
    operator: 'ReduceSum',
    inputs: ['a', 'axes'],
    attributes: { keepdims: 1 },
    initializers: [tensor('axes', 'int64', [1], new Uint8Array(BigInt64Array.of(1n).buffer))],
    input: ['a', [rows, columns]],
    output: ['c', [rows, 1]],
  });
}

interface OneNode {
  readonly operator: string;
  readonly domain?: string;
  readonly inputs: readonly string[];
  readonly attributes?: Readonly<Record<string, number>>;
  readonly initializers: readonly TensorProto[];
  readonly input: readonly [name: string, dimensions: readonly number[]];
  readonly output: readonly [name: string, dimensions: readonly number[]];
}

function graph({
  operator,
  domain,
  inputs,
  attributes = {},
  initializers,
  input,
  output,
}: OneNode): Uint8Array {
  return encodeModel({
    ir_version: 9,
    producer_name: 'hayasa',
    opset_import: [
      { domain: '', version: 18 },
      { domain: MICROSOFT, version: 1 },
    ],
    graph: {
      name: 'roof',
      node: [
        {
          name: operator,
          op_type: operator,
          input: inputs,
          output: [output[0]],
          attribute: Object.entries(attributes).map(([name, i]): AttributeProto => ({ name, type: 2, i })),
          ...(domain === undefined ? {} : { domain }),
        },
      ],
      initializer: initializers,
      input: [floatValue(...input)],
      output: [floatValue(...output)],
    },
  });
}

function floatValue(name: string, dimensions: readonly number[]): ValueInfoProto {
  const dim = dimensions.map((dim_value) => ({ dim_value }));
  return { name, type: { tensor_type: { elem_type: DATA_TYPES.float32, shape: { dim } } } };
}

const tensor = (
  name: string,
  type: DataType,
  dims: readonly number[],
  raw_data: Uint8Array,
): TensorProto => ({ name, data_type: DATA_TYPES[type], dims, raw_data });

/** Small values that are neither zero nor denormal. */
const floats = (count: number): Uint8Array =>
  new Uint8Array(Float32Array.from({ length: count }, (_, i) => 0.01 * ((i % 7) + 1)).buffer);

const pattern = (count: number): Uint8Array => Uint8Array.from({ length: count }, (_, i) => (i * 37) & 0xff);

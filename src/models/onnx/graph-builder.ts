/**
 * A small builder of ONNX graphs: every call adds a node and returns the name of its result, so that a model reads as
 * a chain of expressions. Small constants are stored in the graph; weights are references into other files.
 */
import {
  type AttributeProto,
  DATA_TYPES,
  type DataType,
  encodeModel,
  type NodeProto,
  type TensorProto,
  type ValueInfoProto,
} from './proto.ts';

/** The name of a tensor of the graph. */
export type Value = string;
/** float32 attributes are marked, since JavaScript cannot tell 1 from 1.0. */
export type Attribute = number | string | readonly number[] | { readonly float: number };

/** Where a tensor's bytes lie: a file in the graph's own folder. */
export interface ExternalData {
  readonly file: string;
  readonly offset: number;
  readonly byteLength: number;
}

const textEncoder = new TextEncoder();
/** Operators outside the standard, implemented by ONNX Runtime. */
export const MICROSOFT = 'com.microsoft';

export class GraphBuilder {
  readonly #nodes: NodeProto[] = [];
  readonly #initializers = new Map<string, TensorProto>();
  readonly #inputs: ValueInfoProto[] = [];
  readonly #outputs: ValueInfoProto[] = [];

  input(name: string, type: DataType, dimensions: readonly (number | string)[]): Value {
    this.#inputs.push(valueInfo(name, type, dimensions));
    return name;
  }

  output(name: string, type: DataType, dimensions: readonly (number | string)[]): void {
    this.#outputs.push(valueInfo(name, type, dimensions));
  }

  /** Adds a node with one output called `output`; an empty input name is a left-out optional input. */
  node(
    operator: string,
    inputs: readonly Value[],
    output: Value,
    attributes: Readonly<Record<string, Attribute>> = {},
    domain = '',
  ): Value {
    this.nodes(operator, inputs, [output], attributes, domain);
    return output;
  }

  /** Adds a node with several outputs. */
  nodes(
    operator: string,
    inputs: readonly Value[],
    outputs: readonly Value[],
    attributes: Readonly<Record<string, Attribute>> = {},
    domain = '',
  ): readonly Value[] {
    this.#nodes.push({
      input: inputs,
      output: outputs,
      name: `${operator}:${outputs[0]}`,
      op_type: operator,
      attribute: Object.entries(attributes).map(([name, value]) => attributeProto(name, value)),
      ...(domain === '' ? {} : { domain }),
    });
    return outputs;
  }

  /** A tensor whose bytes stay in a file. Asking twice for the same name gives the same tensor. */
  external(name: string, type: DataType, dimensions: readonly number[], data: ExternalData): Value {
    this.#initializers.set(name, {
      name,
      data_type: DATA_TYPES[type],
      dims: dimensions,
      data_location: 1,
      external_data: [
        { key: 'location', value: data.file },
        { key: 'offset', value: String(data.offset) },
        { key: 'length', value: String(data.byteLength) },
      ],
    });
    return name;
  }

  /** A small int64 constant: shapes, axes, indices. `dimensions` [] makes a scalar. */
  integers(values: readonly number[], dimensions: readonly number[] = [values.length]): Value {
    const name = `int64[${dimensions.join(',')}]:${values.join(',')}`;
    const data = BigInt64Array.from(values, BigInt);
    return this.#constant(name, 'int64', dimensions, new Uint8Array(data.buffer));
  }

  /** A float32 constant under a name of its own. */
  floats(name: string, values: Float32Array, dimensions: readonly number[]): Value {
    return this.#constant(
      name,
      'float32',
      dimensions,
      new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
    );
  }

  #constant(name: string, type: DataType, dimensions: readonly number[], bytes: Uint8Array): Value {
    this.#initializers.set(name, {
      name,
      data_type: DATA_TYPES[type],
      dims: dimensions,
      raw_data: bytes,
    });
    return name;
  }

  /** The bytes of the `.onnx` file. Constants that no node takes are left out. */
  encode(graphName: string): Uint8Array {
    const used = new Set(this.#nodes.flatMap(({ input }) => input));
    return encodeModel({
      ir_version: 9,
      producer_name: 'hayasa',
      opset_import: [
        { domain: '', version: 18 },
        { domain: MICROSOFT, version: 1 },
      ],
      graph: {
        name: graphName,
        node: this.#nodes,
        initializer: [...this.#initializers.values()].filter(({ name }) => used.has(name)),
        input: this.#inputs,
        output: this.#outputs,
      },
    });
  }
}

function valueInfo(name: string, type: DataType, dimensions: readonly (number | string)[]): ValueInfoProto {
  const dim = dimensions.map((d) => (typeof d === 'number' ? { dim_value: d } : { dim_param: d }));
  return { name, type: { tensor_type: { elem_type: DATA_TYPES[type], shape: { dim } } } };
}

function attributeProto(name: string, value: Attribute): AttributeProto {
  if (typeof value === 'number') return { name, type: 2, i: value };
  if (typeof value === 'string') return { name, type: 3, s: textEncoder.encode(value) };
  if ('float' in value) return { name, type: 1, f: value.float };
  return { name, type: 7, ints: value };
}

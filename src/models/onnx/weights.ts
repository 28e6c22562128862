/**
 * Weights as values of a graph: references into files, cast to float32 where they are stored otherwise. ONNX Runtime
 * folds these casts when the session is made (from graph optimisation `basic` on), so that a step does not pay for them.
 */
import { HayasaError } from '../../kernel/errors.ts';
import type { GraphBuilder, Value } from './graph-builder.ts';
import { DATA_TYPES, type DataType } from './proto.ts';
import type { QuantisedLayout, QuantisedTensor } from './quantised-layout.ts';
import type { TensorLocation } from './variant.ts';

const stored = { F32: 'float32', F16: 'float16', BF16: 'bfloat16' } as const satisfies Record<
  string,
  DataType
>;

export interface GraphWeights {
  /** The tensor as it is stored. */
  raw(name: string): { readonly value: Value; readonly type: DataType };
  /** The tensor as float32; with `roundTo`, through that format. */
  float(name: string, roundTo?: 'float16'): Value;
  /** The quantised form of a linear layer's weight. @throws where the layout lacks it (a defect) */
  quantised(name: string): QuantisedTensor;
}

export function graphWeights(
  graph: GraphBuilder,
  tensors: ReadonlyMap<string, TensorLocation>,
  layout: QuantisedLayout | undefined,
): GraphWeights {
  const floats = new Map<string, Value>();
  const raw = (name: string) => {
    const location = tensors.get(name);
    if (location === undefined) throw missingTensor(name);
    const type = stored[location.dtype];
    return { value: graph.external(name, type, location.dimensions, location), type };
  };
  const float = (name: string, roundTo?: 'float16'): Value => {
    const known = floats.get(name);
    if (known !== undefined) return known;
    const { value, type } = raw(name);
    const rounded = roundTo === undefined || type === roundTo ? value : cast(graph, value, roundTo);
    const result = rounded === value && type === 'float32' ? value : cast(graph, rounded, 'float32');
    floats.set(name, result);
    return result;
  };
  const quantised = (name: string): QuantisedTensor => {
    const tensor = layout?.tensors.get(name);
    if (tensor === undefined) throw missingTensor(name);
    return tensor;
  };
  return { raw, float, quantised };
}

/** `value` as `type`. */
export function cast(graph: GraphBuilder, value: Value, type: DataType): Value {
  return graph.node('Cast', [value], `${value}:${type}`, { to: DATA_TYPES[type] });
}

const missingTensor = (name: string): HayasaError =>
  new HayasaError({
    code: 'checkpoint/missing-tensor',
    message: { en: `no location for tensor ${name}`, ja: `テンソル ${name} の場所がわかりません` },
  });

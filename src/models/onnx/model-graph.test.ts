import { describe, expect, it } from 'vitest';
import { describeShape } from '../architectures/registry.ts';
import { tensorSpecs } from '../description.ts';
import { presetOf } from '../presets.ts';
import type { ModelShape } from '../shape.ts';
import { writeModelGraph } from './model-graph.ts';
import { decodeModel, type NodeProto, type TensorProto, type ValueInfoProto } from './proto.ts';
import type { GraphVariant, TensorLocation } from './variant.ts';

const oneLayer: ModelShape = { ...presetOf('tiny').shape, layerCount: 1, maximumPositions: 4 };

function located(shape: ModelShape, dtype: TensorLocation['dtype']): Map<string, TensorLocation> {
  let offset = 4096;
  return new Map(
    tensorSpecs(describeShape(shape)).map(({ name, dimensions }) => {
      const byteLength = dimensions.reduce((product, d) => product * d, dtype === 'F32' ? 4 : 2);
      const location = { file: 'weights-0.safetensors', dtype, dimensions, offset, byteLength };
      offset += byteLength;
      return [name, location];
    }),
  );
}

/** One line per input, weight, node and output. */
function asText(bytes: Uint8Array): string {
  const { graph, opset_import: opsets } = decodeModel(bytes);
  const value = ({ name, type }: ValueInfoProto): string => {
    const { elem_type: elementType, shape } = type.tensor_type;
    const dims = shape.dim.map((dim) => ('dim_param' in dim ? dim.dim_param : dim.dim_value));
    return `${name}: type ${elementType} [${dims.join(', ')}]`;
  };
  const tensor = ({
    name,
    data_type: type,
    dims,
    external_data: external,
    raw_data: raw,
  }: TensorProto): string => {
    const place =
      external === undefined || external.length === 0
        ? `${raw?.byteLength ?? 0} bytes here`
        : external.map((entry) => entry.value).join(' ');
    return `${name}: type ${type} [${dims.join(', ')}] = ${place}`;
  };
  const node = ({ input, output, op_type: operator, domain, attribute }: NodeProto): string => {
    const attributes = attribute.map(({ name, type, i, f, ints }) => {
      const shown = type === 1 ? f?.toPrecision(3) : type === 2 ? i : `[${(ints ?? []).join(', ')}]`;
      return ` ${name}=${shown}`;
    });
    const prefix = domain === undefined || domain === '' ? '' : `${domain}.`;
    return `${output.join(', ')} = ${prefix}${operator}(${input.join(', ')})${attributes.join('')}`;
  };
  return [
    ...opsets.map(({ domain, version }) => `opset ${domain === '' ? 'ai.onnx' : domain} ${version}`),
    ...graph.input.map((input) => `input ${value(input)}`),
    ...graph.initializer.map((initializer) => `tensor ${tensor(initializer)}`),
    ...graph.node.map(node),
    ...graph.output.map((output) => `output ${value(output)}`),
    '',
  ].join('\n');
}

const float: GraphVariant = { attention: 'fused', kvCacheFormat: 'float32', linear: { kind: 'float' } };
const w4: GraphVariant['linear'] = { kind: 'groups', bits: 4, groupSize: 32, accuracyLevel: 4 };

describe('writeModelGraph', () => {
  it.each([
    ['fused-float32', oneLayer, 'F32', float],
    ['plain-float32', oneLayer, 'F32', { ...float, attention: 'plain' }],
    ['fused-bfloat16-float16-cache', oneLayer, 'BF16', { ...float, kvCacheFormat: 'float16' }],
    ['fused-w8a8', oneLayer, 'F32', { ...float, linear: { kind: 'w8a8' } }],
    ['fused-w4-parallel', { ...oneLayer, residual: 'parallel' }, 'F32', { ...float, linear: w4 }],
  ] as const)('writes the graph %s', async (name, shape, dtype, variant) => {
    const bytes = writeModelGraph(describeShape(shape), located(shape, dtype), variant);
    await expect(asText(bytes)).toMatchFileSnapshot(`golden/${name}.txt`);
  });

  it('refers to every tensor of the checkpoint once, at its place', () => {
    const tensors = located(oneLayer, 'F32');
    const { graph } = decodeModel(writeModelGraph(describeShape(oneLayer), tensors, float));
    const external = graph.initializer.filter((tensor) => tensor.data_location === 1);
    expect(external.map(({ name }) => name).sort()).toEqual([...tensors.keys()].sort());
    for (const { name, external_data: data } of external) {
      const { file, offset, byteLength } = tensors.get(name)!;
      expect(data).toEqual([
        { key: 'location', value: file },
        { key: 'offset', value: String(offset) },
        { key: 'length', value: String(byteLength) },
      ]);
    }
  });

  it('names a tensor that has no place', () => {
    expect(() => writeModelGraph(describeShape(oneLayer), new Map(), float)).toThrow(
      'no location for tensor gpt_neox.embed_in.weight',
    );
  });
});

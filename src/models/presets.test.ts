import { describe, expect, it } from 'vitest';
import { describeShape } from './architectures/registry.ts';
import { parameterCount } from './counts.ts';
import { PRESETS, presetOf, withLayers } from './presets.ts';

describe('withLayers', () => {
  it('keeps everything but the depth, and says so in the name', () => {
    const whole = presetOf('open-calm-small');
    const half = withLayers(whole, 6);
    expect(half).toMatchObject({ id: 'open-calm-small-6-layers', hubName: undefined });
    expect(half.shape).toEqual({ ...whole.shape, layerCount: 6 });
    const parameters = (layers: number): number =>
      parameterCount(describeShape(withLayers(whole, layers).shape));
    expect(parameters(12)).toBe(165_075_456);
    expect(parameters(12) - parameters(6)).toBe(6 * (parameters(2) - parameters(1)));
  });

  it('is the preset itself with all of its layers, and refuses any other number', () => {
    for (const preset of PRESETS) {
      expect(withLayers(preset, undefined)).toBe(preset);
      expect(withLayers(preset, preset.shape.layerCount)).toBe(preset);
      expect(() => withLayers(preset, 0)).toThrow(RangeError);
      expect(() => withLayers(preset, preset.shape.layerCount + 1)).toThrow(RangeError);
    }
  });

  it('leaves out the windows of layers that are gone', () => {
    const { window } = withLayers(presetOf('gemma-3-270m'), 6).shape;
    expect(window?.layers).toEqual([0, 1, 2, 3, 4]);
  });
});

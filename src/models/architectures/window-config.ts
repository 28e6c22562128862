/** Sliding windows in config.json: Qwen's switch and first layer, or the kind of every layer. */
import { z } from 'zod';
import type { Problem } from '../../kernel/errors.ts';
import type { ModelShape, SlidingWindow } from '../shape.ts';
import { size } from './config-fields.ts';

const SLIDING = 'sliding_attention';
const FULL = 'full_attention';
export const layerTypes = z.array(z.enum([SLIDING, FULL]));

/** Qwen's keys. */
export const windowFields = {
  use_sliding_window: z.boolean().default(false),
  sliding_window: size.nullish(),
  max_window_layers: z.number().int().nonnegative().default(28),
  layer_types: layerTypes.nullish(),
};
interface WindowConfig {
  readonly num_hidden_layers: number;
  readonly use_sliding_window: boolean;
  readonly sliding_window?: number | null | undefined;
  readonly max_window_layers: number;
  readonly layer_types?: readonly (typeof SLIDING | typeof FULL)[] | null | undefined;
}

/** The window as a part of the shape, empty where there is none. */
export function windowOf(config: WindowConfig): Pick<ModelShape, 'window'> {
  const tokens = config.use_sliding_window ? (config.sliding_window ?? 4096) : undefined;
  if (tokens === undefined) return {};
  const types =
    config.layer_types ??
    Array.from({ length: config.num_hidden_layers }, (_, index) =>
      index >= config.max_window_layers ? SLIDING : FULL,
    );
  const layers = slidingLayers(types);
  return layers.length === 0 ? {} : { window: { tokens, layers } };
}

/** Indices of the layers with a window. */
export const slidingLayers = (types: readonly string[]): number[] =>
  types.flatMap((type, index) => (type === SLIDING ? [index] : []));

/** The kind of each of `layerCount` layers. */
export const layerTypesOf = (layerCount: number, window: SlidingWindow | undefined): string[] =>
  Array.from({ length: layerCount }, (_, index) => (window?.layers.includes(index) ? SLIDING : FULL));

/** A list of layers must have one entry for each, and a switched-off window none that slides. */
export function windowProblems(config: WindowConfig): Problem[] {
  const types = config.layer_types;
  if (types == null) return [];
  if (types.length !== config.num_hidden_layers) {
    return [
      {
        path: 'layer_types',
        message: {
          en: `has ${types.length} entries for ${config.num_hidden_layers} layers`,
          ja: `${config.num_hidden_layers} 層に対して ${types.length} 個の要素があります`,
        },
      },
    ];
  }
  return !config.use_sliding_window && types.includes(SLIDING)
    ? [
        {
          path: 'layer_types',
          message: {
            en: 'names sliding layers, but use_sliding_window is off',
            ja: 'スライディングウィンドウの層がありますが、use_sliding_window が無効です',
          },
        },
      ]
    : [];
}

/** Qwen's keys of a shape. */
export const writeWindow = ({ layerCount, window }: ModelShape): Readonly<Record<string, unknown>> => ({
  use_sliding_window: window !== undefined,
  sliding_window: window?.tokens ?? null,
  layer_types: layerTypesOf(layerCount, window),
});

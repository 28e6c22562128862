/** Rotary scaling in config.json: `rope_scaling` of older files, `rope_parameters` of transformers 5. */
import { z } from 'zod';
import type { Problem } from '../../kernel/errors.ts';
import type { Rotary, RotaryScaling } from '../rotary.ts';
import { shortJson } from './config-problems.ts';

const positive = z.number().positive();
/** `dynamic` depends on the length of the text so far, `longrope` has tables of its own: neither is computed. */
const ropeType = z.enum(['default', 'linear', 'llama3', 'yarn']);

export const ropeSchema = z.object({
  rope_type: ropeType.nullish(),
  type: ropeType.nullish(),
  rope_theta: positive.nullish(),
  partial_rotary_factor: z.literal(1).nullish(),
  factor: positive.nullish(),
  low_freq_factor: positive.nullish(),
  high_freq_factor: positive.nullish(),
  original_max_position_embeddings: z.number().int().positive().nullish(),
  attention_factor: positive.nullish(),
  beta_fast: positive.nullish(),
  beta_slow: positive.nullish(),
  mscale: positive.nullish(),
  mscale_all_dim: positive.nullish(),
  truncate: z.boolean().nullish(),
});
export type RopeSettings = z.infer<typeof ropeSchema>;

/** Keys of a config whose layers share their rotary positions. */
export const ropeFields = {
  rope_parameters: ropeSchema.nullish(),
  rope_scaling: ropeSchema.nullish(),
  partial_rotary_factor: z.literal(1).nullish(),
};

type Places = readonly (RopeSettings | null | undefined)[];

/** The rotary positions that the `places` of a config describe together. `ropeProblems` must have found nothing. */
export function rotaryOf(
  dimensions: number,
  defaultBase: number,
  maximumPositions: number,
  places: Places,
): Rotary {
  const settings = merged(places);
  const scaling = scalingOf(settings, maximumPositions);
  return {
    dimensions,
    base: settings.rope_theta ?? defaultBase,
    ...(scaling === undefined ? {} : { scaling }),
  };
}

/** Contradictions between the places, and keys that a kind of scaling needs. */
export function ropeProblems(places: Places, path = 'rope_scaling'): Problem[] {
  const bases = new Set(places.flatMap((place) => place?.rope_theta ?? []));
  const settings = merged(places);
  const problems: Problem[] = [];
  if (bases.size > 1) {
    problems.push({
      path: 'rope_theta',
      message: {
        en: 'the classic key and rope_parameters contradict each other',
        ja: '従来のキーと rope_parameters が矛盾しています',
      },
      value: shortJson([...bases]),
    });
  }
  const kinds = new Set(places.flatMap((place) => place?.rope_type ?? place?.type ?? []));
  if (kinds.size > 1) {
    problems.push({
      path,
      message: { en: 'names several kinds of scaling', ja: '複数の種類のスケーリングが書かれています' },
      value: shortJson([...kinds]),
    });
  }
  const needed = NEEDED[settings.rope_type ?? settings.type ?? 'default'];
  for (const key of needed) {
    if (settings[key] == null)
      problems.push({ path: `${path}.${key}`, message: { en: 'is missing', ja: '必要です' } });
  }
  return problems;
}

const NEEDED = {
  default: [],
  linear: ['factor'],
  yarn: ['factor'],
  llama3: ['factor', 'low_freq_factor', 'high_freq_factor', 'original_max_position_embeddings'],
} as const satisfies Record<string, readonly (keyof RopeSettings)[]>;

/** The classic `rope_scaling`, or null without scaling. */
export function scalingConfig(scaling: RotaryScaling | undefined): Readonly<Record<string, unknown>> | null {
  switch (scaling?.kind) {
    case undefined:
      return null;
    case 'linear':
      return { rope_type: 'linear', type: 'linear', factor: scaling.factor };
    case 'llama3':
      return {
        rope_type: 'llama3',
        factor: scaling.factor,
        low_freq_factor: scaling.lowFrequencyFactor,
        high_freq_factor: scaling.highFrequencyFactor,
        original_max_position_embeddings: scaling.originalPositions,
      };
    case 'yarn':
      return {
        rope_type: 'yarn',
        type: 'yarn',
        factor: scaling.factor,
        attention_factor: scaling.attentionFactor,
        beta_fast: scaling.betaFast,
        beta_slow: scaling.betaSlow,
        original_max_position_embeddings: scaling.originalPositions,
        truncate: scaling.truncate,
      };
  }
}

function merged(places: Places): RopeSettings {
  const settings: Record<string, unknown> = {};
  for (const place of places) {
    for (const [key, value] of Object.entries(place ?? {})) if (value != null) settings[key] ??= value;
  }
  return settings as RopeSettings;
}

function scalingOf(settings: RopeSettings, maximumPositions: number): RotaryScaling | undefined {
  const factor = settings.factor ?? 1;
  switch (settings.rope_type ?? settings.type) {
    case 'linear':
      return { kind: 'linear', factor };
    case 'llama3':
      return {
        kind: 'llama3',
        factor,
        lowFrequencyFactor: settings.low_freq_factor ?? 1,
        highFrequencyFactor: settings.high_freq_factor ?? 4,
        originalPositions: settings.original_max_position_embeddings ?? maximumPositions,
      };
    case 'yarn':
      return {
        kind: 'yarn',
        factor,
        attentionFactor: settings.attention_factor ?? attentionFactor(factor, settings),
        betaFast: settings.beta_fast ?? 32,
        betaSlow: settings.beta_slow ?? 1,
        // As transformers: older files leave it out, and mean the positions of the config.
        originalPositions: settings.original_max_position_embeddings ?? maximumPositions,
        truncate: settings.truncate ?? true,
      };
    case 'default':
    case null:
    case undefined:
      return undefined;
  }
}

/** What yarn multiplies cosines and sines by, where the config does not say it. */
function attentionFactor(factor: number, { mscale, mscale_all_dim }: RopeSettings): number {
  const magnitude = (by: number): number => (factor <= 1 ? 1 : 0.1 * by * Math.log(factor) + 1);
  return mscale && mscale_all_dim ? magnitude(mscale) / magnitude(mscale_all_dim) : magnitude(1);
}

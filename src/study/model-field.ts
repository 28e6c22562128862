/** An entry of `models` in a study file. */

import { z } from 'zod';
import { wholeNumber } from '../axes/whole-number.ts';
import { HUB_ID_ALLOWED, HUB_ID_PATTERN, parseHubId } from '../models/hub-id.ts';
import { problemOf } from './add-problem.ts';
import { nameField } from './value-field.ts';
import type { Vocabulary } from './vocabulary.ts';

/** A name that a reader meets again in tables, and the system in the names of folders. */
export const plainName = z
  .string()
  .regex(
    /^[\p{L}\p{N}][\p{L}\p{N}._-]{0,99}$/u,
    'letters, digits, dots, dashes and underscores, at most 100',
  );

/** One entry of `models`. */
export function modelField({ presets }: Vocabulary) {
  return z.union([
    nameField(presets, 'preset', 'The name of a preset: synthetic weights of its exact shape.'),
    z.strictObject({
      preset: nameField(
        presets,
        'preset',
        'Name of a preset: synthetic weights of its exact shape.',
      ).optional(),
      path: z
        .string()
        .min(1)
        .optional()
        .describe('Instead of a preset: a folder with config.json and safetensors, or a GGUF file.'),
      hub: z
        .string()
        .refine(
          (text) => parseHubId(text) !== undefined,
          problemOf({
            message: { en: 'not a model of the hub', ja: 'ハブのモデルではありません' },
            params: { allowed: HUB_ID_ALLOWED },
          }),
        )
        .meta({ pattern: HUB_ID_PATTERN.source })
        .optional()
        .describe(
          'Instead of a preset: a model of the Hugging Face hub, owner/name or owner/name@revision; fetched by `hayasa run` where the cache lacks it.',
        ),
      name: plainName
        .optional()
        .describe(
          'Name in tables; by default the preset, the name on the hub, or the last part of the path.',
        ),
      seed: wholeNumber(0).optional().describe('Seed of synthetic weights. Default: 0.'),
      dtype: z
        .enum(['F32', 'F16', 'BF16'])
        .optional()
        .describe('Number format of the synthetic checkpoint file. Default: F32.'),
      layers: wholeNumber(1)
        .optional()
        .describe(
          'A variation of the preset with its first layers only: what a model of less depth costs, quality not measured. Default: all.',
        ),
    }),
  ]);
}

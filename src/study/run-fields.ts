/** How much is measured, and for how long: rounds, repeats, warm-ups, the text of the quality, durations. */

import parseDuration from 'parse-duration';
import { z } from 'zod';
import { wholeNumber } from '../axes/whole-number.ts';
import { addProblem, problemOf } from './add-problem.ts';

const DURATION = /^(\s*\d+(\.\d+)?\s*(ms|s|m|h))+\s*$/;

/** A duration such as `90s` or `1h30m`, as whole milliseconds above 0. */
export const durationField = z
  .unknown()
  .transform((raw, context): number => {
    const parsed = typeof raw === 'string' && DURATION.test(raw) ? parseDuration(raw) : undefined;
    if (parsed !== undefined && parsed !== null && parsed >= 1 && parsed < 1e10) return Math.round(parsed);
    addProblem(context, {
      message: { en: 'not a duration', ja: '時間ではありません' },
      params: { allowed: { en: 'text such as 90s, 4m or 1h30m', ja: '90s、4m、1h30m のような文字列' } },
    });
    return z.NEVER;
  })
  .meta({ type: 'string', pattern: DURATION.source });

const countField = (minimum: number, fallback: number, description: string) =>
  wholeNumber(minimum, 1_000_000).default(fallback).describe(description);

const untilField = z
  .strictObject({
    width: z
      .number()
      .gt(0)
      .lt(1)
      .optional()
      .describe(
        'Enough when the 95 % interval of the throughput reaches this share of it to both sides: 0.03 = 3 %.',
      ),
    decided: z
      .boolean()
      .default(false)
      .describe('Enough when it is decided that a rival is faster, or that both are equal to within 2 %.'),
  })
  .refine(
    ({ width, decided }) => width !== undefined || decided,
    problemOf({
      message: { en: 'nothing would ever be enough', ja: 'これでは決して十分になりません' },
      params: {
        allowed: {
          en: 'a width such as 0.03, or decided: true',
          ja: '0.03 のような width、または decided: true',
        },
      },
    }),
  );

export const roundsField = z
  .strictObject({
    minimum: countField(1, 5, 'Launches that every kept cell gets.'),
    maximum: countField(1, 10, 'Launches after which a cell has enough.'),
    confirm: countField(0, 5, 'Fresh blocks that re-measure the winners; 0 = none.'),
    until: untilField
      .optional()
      .describe(
        'Adaptive rounds: when a cell has enough after the minimum of launches; time is then left for the others. Default: every cell gets the maximum.',
      ),
    block: durationField
      .optional()
      .describe(
        'Cells that are compared run close together in time, in blocks: a block that would take longer than this is split between workloads, which starts its engines once for each part. Longer blocks start engines less often, and pairing takes out less of what the machine does meanwhile. Default: 2m.',
      ),
  })
  .refine(
    ({ minimum, until }) => until === undefined || minimum >= 2,
    problemOf({
      path: ['minimum'],
      message: { en: 'one launch has no interval to look at', ja: '起動 1 回では調べる区間がありません' },
      params: { allowed: { en: 'at least 2 with until', ja: 'until があれば 2 以上' } },
    }),
  )
  .refine(
    ({ minimum, maximum }) => minimum <= maximum,
    problemOf({
      path: ['minimum'],
      message: { en: 'the minimum is above the maximum', ja: 'minimum が maximum を超えています' },
    }),
  );

export const repeatsField = z
  .strictObject({
    minimum: countField(1, 1, 'Generations of a cell in one launch, at least.'),
    maximum: countField(
      1,
      20,
      'Generations of a cell in one launch, at most. Adaptive rounds (`rounds.until`, `hayasa ab`) choose between both by what earlier launches told; equal ones leave no choice.',
    ),
    window: durationField
      .default(2000)
      .describe(
        'Repeats go on until they span this long, so that the noise gauge has a window. Default: 2s.',
      ),
  })
  .refine(
    ({ minimum, maximum }) => minimum <= maximum,
    problemOf({
      path: ['minimum'],
      message: { en: 'the minimum is above the maximum', ja: 'minimum が maximum を超えています' },
    }),
  );

export const warmUpField = z.strictObject({
  maximum: countField(1, 4, 'Warm-up generations at most, steady or not.'),
  tokens: countField(1, 8, 'New tokens per sequence of a warm-up generation.'),
});

export const qualityField = z.strictObject({
  text: z
    .string()
    .min(1)
    .optional()
    .describe(
      "A UTF-8 text file. Default: the study's text, or the Japanese text that ships with Hayasa where it names none.",
    ),
  characters: countField(2, 2000, 'Length of the text that is used, from its beginning, in code points.'),
});

/**
 * The study file, one declaration per field: the parser, the published JSON schema and the generated docs come from
 * here. Objects are strict: an unknown key is an error.
 */

import parseDuration from 'parse-duration';
import { z } from 'zod';
import { deviceAxis } from '../axes/device.ts';
import { parseTokenTest, TOKEN_TEST_PATTERN } from '../axes/token-tests.ts';
import { wholeNumber } from '../axes/whole-number.ts';
import type { Words } from '../kernel/language.ts';
import { HUB_ID_ALLOWED, HUB_ID_PATTERN, parseHubId } from '../models/hub-id.ts';
import { addProblem, problemOf } from './add-problem.ts';
import { axisFields } from './axis-fields.ts';
import { claimField } from './claims.ts';
import { engineField, engineIdField, patternField } from './engine-fields.ts';
import { experimentField } from './experiments.ts';
import { currenciesOf, EVERY_DEVICE, PRICE_ALLOWED, PRICE_PATTERN, type Price, parsePrice } from './price.ts';
import { nameField, singleField, valuesField } from './value-field.ts';
import type { Vocabulary } from './vocabulary.ts';

const DURATION = /^(\s*\d+(\.\d+)?\s*(ms|s|m|h))+\s*$/;

/** A duration such as `90s` or `1h30m`, as whole milliseconds above 0. */
const durationField = z
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

/** A path, or false. */
const textField = z
  .unknown()
  .transform((raw, context): string | false => {
    if (raw === false || (typeof raw === 'string' && raw !== '')) return raw;
    addProblem(context, {
      message: { en: 'neither a path nor false', ja: 'パスでも false でもありません' },
      params: {
        allowed: {
          en: 'the path of a UTF-8 text file, or false',
          ja: 'UTF-8 のテキストファイルのパス、または false',
        },
      },
    });
    return z.NEVER;
  })
  .meta({ anyOf: [{ type: 'string', minLength: 1 }, { const: false }] });

const name = z
  .string()
  .regex(
    /^[\p{L}\p{N}][\p{L}\p{N}._-]{0,99}$/u,
    'letters, digits, dots, dashes and underscores, at most 100',
  );

const axesFields = () =>
  axisFields((axis) => valuesField(axis, `${axis.description} Default: ${axis.default}.`));

const defaultsFields = () =>
  axisFields((axis) => singleField(axis, axis.description).transform((value) => [value]));

const countField = (minimum: number, fallback: number, description: string) =>
  wholeNumber(minimum, 1_000_000).default(fallback).describe(description);

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
      name: name
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

const tokenTest = z
  .unknown()
  .transform((raw, context) => {
    const counts = typeof raw === 'string' ? parseTokenTest(raw) : undefined;
    if (counts !== undefined) return counts;
    const allowed: Words = {
      en: 'pp512, tg128, pg512,128, each with a depth as in pp512@4096',
      ja: 'pp512、tg128、pg512,128。それぞれ pp512@4096 のように深さを付けられる',
    };
    addProblem(context, { message: { en: 'not a test', ja: 'テストではありません' }, params: { allowed } });
    return z.NEVER;
  })
  .meta({ type: 'string', pattern: TOKEN_TEST_PATTERN.source });

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

const priceField = z
  .unknown()
  .transform((raw, context): Price => {
    const price = typeof raw === 'string' ? parsePrice(raw) : undefined;
    if (price !== undefined) return price;
    addProblem(context, {
      message: { en: 'not a price', ja: '値段ではありません' },
      params: { allowed: PRICE_ALLOWED },
    });
    return z.NEVER;
  })
  .meta({ type: 'string', pattern: PRICE_PATTERN.source });

const pricesField = z.record(z.union([deviceAxis.value, z.literal(EVERY_DEVICE)]), priceField).refine(
  (prices) => currenciesOf(prices).length <= 1,
  problemOf({
    message: { en: 'prices in several currencies', ja: '複数の通貨の値段' },
    params: { allowed: { en: 'one currency for all devices', ja: 'すべての装置に一つの通貨' } },
  }),
);

const roundsField = z
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

const repeatsField = z
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

const warmUpField = z.strictObject({
  maximum: countField(1, 4, 'Warm-up generations at most, steady or not.'),
  tokens: countField(1, 8, 'New tokens per sequence of a warm-up generation.'),
});

const qualityField = z.strictObject({
  text: z
    .string()
    .min(1)
    .optional()
    .describe(
      "A UTF-8 text file. Default: the study's text, or the Japanese text that ships with Hayasa where it names none.",
    ),
  characters: countField(2, 2000, 'Length of the text that is used, from its beginning, in code points.'),
});

/** The schema of a study file in the words of `vocabulary` (known engines and presets). */
export function studySchema(vocabulary: Vocabulary) {
  return z.strictObject({
    name: name.describe('Name of the study; part of the name of its run folder.'),
    description: z.string().optional().describe('What the study asks, for the report.'),
    models: z.array(modelField(vocabulary)).min(1).describe('Models to measure.'),
    text: textField
      .optional()
      .describe(
        'A UTF-8 text file that prompts are cut from, for models that have a tokenizer; `false` = seeded token ids. Default: the Japanese text that ships with Hayasa.',
      ),
    chat: z
      .union([z.boolean(), z.literal('where-available')])
      .default(false)
      .describe(
        "Whether prompts are messages of a chat: the piece of the text is what the user says in the model's chat template, and all of it together has `inputTokens` tokens. `true`: every model needs a template; `where-available`: a model without one gets pieces of the text as they are, and the report says so.",
      ),
    engines: z.array(engineField(vocabulary)).min(1).describe('Engines with their precisions and options.'),
    axes: z
      .strictObject(axesFields())
      .optional()
      .describe('What the study varies: for each axis a value, a list, or a range (`1..4`, `2^4..2^10`).'),
    defaults: z
      .strictObject(defaultsFields())
      .optional()
      .describe('One value for each axis that `axes` does not vary.'),
    tests: z
      .array(tokenTest)
      .min(1)
      .optional()
      .describe(
        'Token counts as in llama-bench: `ppN` prefills N tokens (and gives 1), `tgN` generates N after 1, `@D` at depth D.',
      ),
    experiments: z
      .array(experimentField())
      .default([])
      .describe(
        'Named parts, each with its own axes, models, engines and figure; a cell of several is measured once. Default: none, the whole product.',
      ),
    claims: z
      .array(claimField(vocabulary))
      .default([])
      .describe('Conclusions to test, as data, with margins that are fixed before anything runs.'),
    excludes: z
      .array(patternField())
      .default([])
      .describe('Cells to leave out: those that match any of these patterns.'),
    priority: z
      .array(patternField())
      .default([])
      .describe(
        'Patterns, the most important first: beyond the budget, cells of the last pattern (or none) are dropped first.',
      ),
    rounds: roundsField.prefault({}).describe('How many launches each cell gets.'),
    repeats: repeatsField.prefault({}).describe('How many generations a launch measures.'),
    warmUp: warmUpField.prefault({}).describe('Untimed generations before the first repeat.'),
    correctness: z
      .strictObject({
        check: z.boolean().default(true).describe('Whether fp32 tokens are compared with a reference.'),
        engine: engineIdField(vocabulary)
          .optional()
          .describe('Engine whose fp32 greedy tokens are the reference. Default: chosen by Hayasa.'),
        options: z
          .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
          .default({})
          .describe('Options of that engine.'),
      })
      .prefault({})
      .describe('The reference that all fp32 cells must equal.'),
    quality: qualityField
      .optional()
      .describe(
        'How well each engine and precision predicts a text (bits per character), beside its speed. Needs trained weights and a tokenizer; measured before the first round; no further model is begun once a quarter of the budget has passed, preparation and references included. Default: not measured.',
      ),
    budget: durationField
      .optional()
      .describe('Time of one invocation, preparation included; `--budget` overrides it. Default: no limit.'),
    pricePerHour: pricesField
      .default({})
      .describe(
        'What an hour of the machine costs, by device (`cpu: 0.40 USD`; `*` = any other): reports then give money per million tokens. `--price` of `hayasa report` overrides it. Default: no prices.',
      ),
    seed: wholeNumber().default(0).describe('Seed of prompts and of the order of launches; 0 is a seed.'),
  });
}

/** What `studySchema` gives: still shaped like the file. */
export type StudyFile = z.output<ReturnType<typeof studySchema>>;

/**
 * The study file, one declaration per field: the parser, the published JSON schema and the generated docs come from
 * here. Objects are strict: an unknown key is an error.
 */

import { z } from 'zod';
import { deviceAxis } from '../axes/device.ts';
import { parseTokenTest, TOKEN_TEST_PATTERN } from '../axes/token-tests.ts';
import { wholeNumber } from '../axes/whole-number.ts';
import type { Words } from '../kernel/language.ts';
import { addProblem, problemOf } from './add-problem.ts';
import { axisFields } from './axis-fields.ts';
import { claimField } from './claims.ts';
import { engineField, engineIdField, patternField } from './engine-fields.ts';
import { experimentField } from './experiments.ts';
import { modelField, plainName } from './model-field.ts';
import { currenciesOf, EVERY_DEVICE, PRICE_ALLOWED, PRICE_PATTERN, type Price, parsePrice } from './price.ts';
import { durationField, qualityField, repeatsField, roundsField, warmUpField } from './run-fields.ts';
import { singleField, valuesField } from './value-field.ts';
import type { Vocabulary } from './vocabulary.ts';

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

const axesFields = () =>
  axisFields((axis) => valuesField(axis, `${axis.description} Default: ${axis.default}.`));

const defaultsFields = () =>
  axisFields((axis) => singleField(axis, axis.description).transform((value) => [value]));

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

/** The schema of a study file in the words of `vocabulary` (known engines and presets). */
export function studySchema(vocabulary: Vocabulary) {
  return z.strictObject({
    name: plainName.describe('Name of the study; part of the name of its run folder.'),
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

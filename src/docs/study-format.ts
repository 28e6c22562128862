/** docs/study-format.md: the study file, from its JSON schema and the registry of axes. */

import { AXIS_KEYS, axisOf } from '../axes/registry.ts';
import { sayEnglish } from '../kernel/language.ts';
import { claimSections } from './claims-format.ts';
import { document, fence, generatedNote, heading, inlineCode, list, table } from './markdown.ts';
import { type SchemaNode, schemaRows } from './schema-rows.ts';

const FIELD_COLUMNS = ['key', 'allowed', 'default', 'meaning'];

/** The document; `schema` is the published JSON schema, `example` the text of the quickstart study. */
export function studyFormatDocument(schema: SchemaNode, example: string): string {
  const field = (key: string): SchemaNode => schema.properties?.[key] ?? {};
  const entry = (key: string): SchemaNode => objectForm(field(key).items ?? {});
  return document([
    generatedNote('src/study/ and src/axes/'),
    heading(1, 'The study file'),
    'A study is one YAML file: models, engines and axes, whose product are the cells that Hayasa measures. Unknown keys are errors, and every problem of a file is reported at once, with its place, the allowed values and the nearest name. `hayasa plan STUDY` shows what a study would do without starting anything. `schemas/study.schema.json` gives completion in editors.',
    fence(example, 'yaml'),
    heading(2, 'Fields'),
    table(FIELD_COLUMNS, schemaRows(schema)),
    heading(2, 'Entries of `models`'),
    'The name of a preset alone, or an object. A preset has synthetic weights of the exact shape, and every report says so.',
    table(FIELD_COLUMNS, schemaRows(entry('models'))),
    heading(2, 'Entries of `engines`'),
    'The id of an engine alone, or an object. One engine may stand in several entries, with a label each.',
    table(FIELD_COLUMNS, schemaRows(entry('engines'))),
    heading(2, 'Axes'),
    'Keys of `axes` (a value, a list, or a range), of `defaults` (one value), and of patterns. Ranges include both ends: `1..4` is 1, 2, 3, 4, and `2^4..2^6` is 16, 32, 64.',
    table(
      ['key', 'unit', 'allowed', 'default', 'meaning'],
      AXIS_KEYS.map(axisOf).map((axis) => [
        inlineCode(axis.key),
        axis.unit,
        sayEnglish(axis.allowed),
        inlineCode(String(axis.default)),
        axis.description,
      ]),
    ),
    heading(2, 'Tests'),
    'Token counts as users of llama-bench know them, as ordinary cells. With `tests`, the product of the token axes is measured only where `axes` gives one of them.',
    list([
      '`pp512`: 512 prompt tokens in one prefill; the one new token comes out of it. One forward pass.',
      '`tg128`: 1 prompt token, then 128 new tokens: 128 forward passes of one token.',
      '`pg512,128`: 512 prompt tokens, then 128 new tokens.',
      '`@4096` after any of them: the same with 4096 tokens already in the KV cache.',
    ]),
    'Unlike llama-bench, which feeds random tokens, Hayasa chooses the next token greedily.',
    heading(2, 'Entries of `experiments`'),
    'Named parts of a study. Without any, the whole product of models, engines and axes is measured; with some, the cells of all of them, each once however many experiments it belongs to.',
    table(FIELD_COLUMNS, schemaRows(entry('experiments'))),
    ...claimSections(field('claims').items ?? {}, FIELD_COLUMNS),
    heading(2, 'Patterns: `excludes` and `priority`'),
    'A pattern is a partial cell: it matches the cells that have one of the given values for each of its keys. `excludes` leaves cells out. `priority` lists patterns, the most important first: cells of a pattern are begun only where those of the patterns before it are expected to reach the minimum of rounds within the budget, and cells that cannot reach theirs are dropped, those of the last pattern (or of none) first; within one pattern the workloads that the study lists last.',
    table(
      FIELD_COLUMNS,
      schemaRows(objectForm(field('excludes').items ?? {})).filter(([key]) => !isAxis(key ?? '')),
    ),
    ...(['rounds', 'repeats', 'warmUp', 'correctness'] as const).flatMap((key) => [
      heading(2, inlineCode(key)),
      field(key).description ?? '',
      table(FIELD_COLUMNS, schemaRows(field(key))),
      ...nested(key, field(key)),
    ]),
  ]);
}

/** Sections for the fields of `node` that are objects with fields of their own. */
const nested = (path: string, node: SchemaNode): string[] =>
  Object.entries(node.properties ?? {}).flatMap(([key, inner]) =>
    inner.properties === undefined
      ? []
      : [
          heading(3, inlineCode(`${path}.${key}`)),
          inner.description ?? '',
          table(FIELD_COLUMNS, schemaRows(inner)),
        ],
  );

/** The form of an entry that is an object, where a text is allowed too. */
const objectForm = (node: SchemaNode): SchemaNode =>
  node.anyOf?.find(({ properties }) => properties !== undefined) ?? node;

const isAxis = (key: string): boolean => AXIS_KEYS.some((axis) => inlineCode(axis) === key);

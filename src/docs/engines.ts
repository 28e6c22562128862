/** docs/engines.md: what every engine declares of itself. */
import { z } from 'zod';
import { allPrecisions, buildsOf, type EngineDeclaration } from '../engines/declaration.ts';
import type { Precision } from '../models/precision.ts';
import { document, generatedNote, heading, inlineCode, list, table } from './markdown.ts';
import { type SchemaNode, schemaRows } from './schema-rows.ts';

export function enginesDocument(engines: readonly EngineDeclaration[]): string {
  return document([
    generatedNote('src/engines/*/declaration.ts'),
    heading(1, 'Engines'),
    '`hayasa engines` says which of them are ready on this machine. What each times and what it does not is in its own README.',
    table(
      ['engine', 'id', 'what it is'],
      engines.map(({ title, id, summary }) => [title, inlineCode(id), summary.en]),
    ),
    ...engines.flatMap(engineSection),
  ]);
}

function engineSection(engine: EngineDeclaration): string[] {
  const exceptions = Object.entries(engine.conformanceExceptions);
  return [
    heading(2, `${engine.title} (${inlineCode(engine.id)})`),
    `${engine.summary.en}.`,
    heading(3, 'Precisions'),
    table(
      ['name', 'its own word', 'weights', 'activations', 'KV cache', 'compute', 'note'],
      allPrecisions(engine).map(({ name, ownName, effective, note }) => [
        inlineCode(name),
        ownName,
        ...formats(effective),
        note.en,
      ]),
    ),
    heading(3, 'Options'),
    table(
      ['option', 'allowed', 'default', 'meaning'],
      schemaRows(z.toJSONSchema(engine.options, { io: 'input', unrepresentable: 'any' }) as SchemaNode),
    ),
    heading(3, 'Capabilities'),
    table(
      ['capability', ''],
      Object.entries(engine.capabilities).map(([name, value]) => [words(name), capabilityText(value)]),
    ),
    ...versionSets(engine),
    ...(exceptions.length === 0
      ? []
      : [
          heading(3, 'Exceptions of the conformance suite'),
          list(exceptions.map(([test, reason]) => `${test}: ${reason}`)),
        ]),
  ];
}

/** The environments of a Python engine, or the builds of another one for other devices; nothing where there are none. */
function versionSets(declaration: EngineDeclaration): string[] {
  const { id, worker, versionDifferences } = declaration;
  const builds = buildsOf(declaration);
  if (builds.length > 0) {
    return [
      heading(3, 'Builds for other devices'),
      list(
        builds.map(({ name, device }) => {
          const label = inlineCode(`${id}@${name}`);
          const summary = versionDifferences?.[name]?.summary.en ?? '';
          return `${label}: ${summary}; installed on request (${inlineCode(`hayasa engines install ${id}@${name}`)}), computes on ${inlineCode(`device: ${device}:0`)}`;
        }),
      ),
    ];
  }
  if (worker.kind !== 'python' || worker.versionSets.length === 0) return [];
  const [first, ...others] = worker.versionSets;
  return [
    heading(3, 'Version sets'),
    list([
      `${inlineCode(id)}: ${first}`,
      ...others.flatMap((set) => {
        const { summary, conformanceExceptions = {} } = versionDifferences?.[set] ?? {};
        return [
          `${inlineCode(`${id}@${set}`)}${summary === undefined ? '' : `: ${summary.en}`}`,
          ...Object.entries(conformanceExceptions).map(
            ([test, reason]) =>
              `${inlineCode(`${id}@${set}`)}, exception of the conformance suite, ${test}: ${reason}`,
          ),
        ];
      }),
    ]),
  ];
}

const formats = ({ weights, activations, kvCache, compute, groupSize }: Precision): string[] => [
  groupSize === undefined ? weights : `${weights}, groups of ${groupSize}`,
  activations,
  kvCache,
  compute,
];

const capabilityText = (value: boolean | readonly string[]): string => {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return value.join(', ');
};

/** `raggedPrompts` -> `ragged prompts` */
const words = (name: string): string => name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

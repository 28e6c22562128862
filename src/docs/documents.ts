/** Every generated file of the repository: path and text, from the registries. Nothing is written here. */
import type { CommandDeclaration } from '../cli/command.ts';
import { DIALECTS } from '../dialects/registry.ts';
import { withAbsentEngines } from '../engines/absent.ts';
import { ENGINE_DECLARATIONS } from '../engines/declarations.ts';
import { IMPORTERS } from '../importers/registry.ts';
import { METRICS } from '../metrics/registry.ts';
import { PRESETS } from '../models/presets.ts';
import { studyJsonSchema } from '../study/json-schema.ts';
import { commandsDocument } from './commands.ts';
import { dialectsDocument } from './dialects.ts';
import { enginesDocument } from './engines.ts';
import { importingDocument } from './importing.ts';
import { metricsDocument } from './metrics.ts';
import { studyFormatDocument } from './study-format.ts';

export interface GeneratedFile {
  /** Relative to the repository's root. */
  readonly path: string;
  readonly text: string;
}

/** All generated files; `quickstart` is the text of the example that the study format shows. */
export function generatedFiles(quickstart: string, commands: readonly CommandDeclaration[]): GeneratedFile[] {
  const vocabulary = {
    engines: withAbsentEngines(ENGINE_DECLARATIONS),
    presets: PRESETS.map(({ id }) => id),
    metrics: METRICS.map(({ id }) => id),
  };
  const schema = studyJsonSchema(vocabulary);
  return [
    { path: 'schemas/study.schema.json', text: `${JSON.stringify(schema, undefined, 2)}\n` },
    { path: 'docs/study-format.md', text: studyFormatDocument(schema, quickstart) },
    { path: 'docs/metrics.md', text: metricsDocument(METRICS) },
    { path: 'docs/dialects.md', text: dialectsDocument(DIALECTS) },
    { path: 'docs/engines.md', text: enginesDocument(ENGINE_DECLARATIONS) },
    { path: 'docs/importing.md', text: importingDocument(IMPORTERS) },
    { path: 'docs/commands.md', text: commandsDocument(commands) },
  ];
}

/** `hayasa engines`: which engines run here, which could, which cannot, and what each can do. */
import { ENGINE_DECLARATIONS } from '../../engines/declarations.ts';
import { EXIT } from '../../kernel/errors.ts';
import { defineCommand } from '../command.ts';
import { enginesText } from '../engines/engines-text.ts';
import { engineJson, surveyEngines } from '../engines/survey.ts';
import { json } from '../options.ts';

export const enginesCommand = defineCommand({
  name: 'engines',
  summary: 'engines: ready, installable or impossible here, and what they can do',
  description:
    'Looks at every engine that this version knows: whether it is ready on this machine, how it is installed or why it cannot run, its precisions and what they really are, its capabilities and its options with their defaults.',
  arguments: [],
  options: { json },
  examples: [
    { line: 'hayasa engines', comment: 'what can be measured here' },
    { line: 'hayasa engines --json', comment: 'the same for programs' },
  ],
  run: async ({ host, terminal }, options) => {
    const engines = await surveyEngines(host, ENGINE_DECLARATIONS);
    terminal.write(
      options.json ? JSON.stringify({ engines: engines.map(engineJson) }, null, 2) : enginesText(engines),
    );
    return EXIT.ok;
  },
});

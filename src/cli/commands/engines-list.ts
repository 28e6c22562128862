/** `hayasa engines list`: the environments of Python engines, installed or not. */
import { ENGINE_DECLARATIONS } from '../../engines/declarations.ts';
import { environmentHealth } from '../../environments/health.ts';
import { environmentLabel } from '../../environments/name.ts';
import { EXIT } from '../../kernel/errors.ts';
import { defineCommand } from '../command.ts';
import { environmentsOf } from '../environments/chosen.ts';
import { environmentsTable } from '../environments/list-text.ts';
import { json } from '../options.ts';

export const enginesListCommand = defineCommand({
  name: 'engines list',
  summary: 'environments of Python engines: installed, verified, how large',
  description:
    'Lists the environments that this version of Hayasa can make, with the ones that are installed: their lock, Python, size, and how the conformance suite went. No Python is started.',
  arguments: [],
  options: { json },
  examples: [{ line: 'hayasa engines list', comment: 'what is installed, and what it takes' }],
  run: async ({ host, terminal }, options) => {
    const environments = environmentsOf(ENGINE_DECLARATIONS).map(({ name }) => ({
      label: environmentLabel(name),
      health: environmentHealth(host, name),
    }));
    terminal.write(
      options.json ? JSON.stringify({ environments }, null, 2) : environmentsTable(environments),
    );
    return EXIT.ok;
  },
});

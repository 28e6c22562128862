/** `hayasa engines uninstall`: removes an engine's environment. */
import { ENGINE_DECLARATIONS } from '../../engines/declarations.ts';
import { environmentLabel } from '../../environments/name.ts';
import { uninstallEnvironment } from '../../environments/uninstall.ts';
import { EXIT } from '../../kernel/errors.ts';
import { defineCommand } from '../command.ts';
import { chosenEnvironments } from '../environments/chosen.ts';
import { json } from '../options.ts';
import { formatBytes } from '../ui/numbers.ts';

export const enginesUninstallCommand = defineCommand({
  name: 'engines uninstall',
  summary: "remove a Python engine's environment",
  description:
    'Removes the environment and says how much space that gave back. Results measured with it stay.',
  arguments: [
    { name: 'NAME', summary: 'an engine, an engine in a version set (`id@set`), or all', required: true },
  ],
  options: { json },
  examples: [{ line: 'hayasa engines uninstall transformers', comment: 'gives 1.2 GiB back' }],
  run: async ({ host, terminal }, options, [asked = '']) => {
    const removed = chosenEnvironments(ENGINE_DECLARATIONS, asked).map(({ name }) => ({
      label: environmentLabel(name),
      bytes: uninstallEnvironment(host, name),
    }));
    terminal.write(
      options.json
        ? JSON.stringify({ removed }, null, 2)
        : removed
            .map(({ label, bytes }) =>
              bytes === undefined
                ? `${label}: was not installed`
                : `${label}: removed, ${formatBytes(bytes)}`,
            )
            .join('\n'),
    );
    return EXIT.ok;
  },
});

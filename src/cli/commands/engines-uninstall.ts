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
  summary: { en: "remove a Python engine's environment", ja: 'Python エンジンの環境を削除する' },
  description: {
    en: 'Removes the environment and says how much space that gave back. Results measured with it stay.',
    ja: '環境を削除し、どれだけの場所が空いたかを述べます。それで測った結果は残ります。',
  },
  arguments: [
    {
      name: 'NAME',
      summary: {
        en: 'an engine, an engine in a version set (`id@set`), or all',
        ja: 'エンジン、版の組を付けたエンジン（`id@set`）、または all',
      },
      required: true,
    },
  ],
  options: { json },
  examples: [
    {
      line: 'hayasa engines uninstall transformers',
      comment: { en: 'gives 1.2 GiB back', ja: '1.2 GiB が空く' },
    },
  ],
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
                ? terminal.say({
                    en: `${label}: was not installed`,
                    ja: `${label}: インストールされていません`,
                  })
                : terminal.say({
                    en: `${label}: removed, ${formatBytes(bytes)}`,
                    ja: `${label}: 削除しました、${formatBytes(bytes)}`,
                  }),
            )
            .join('\n'),
    );
    return EXIT.ok;
  },
});

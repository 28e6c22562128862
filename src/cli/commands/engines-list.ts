/** `hayasa engines list`: the environments of Python engines, installed or not. */

import { ENGINE_DECLARATIONS } from '../../engines/declarations.ts';
import { environmentLabel } from '../../environments/name.ts';
import { EXIT } from '../../kernel/errors.ts';
import { englishOnly } from '../../kernel/language.ts';
import { defineCommand } from '../command.ts';
import { environmentsOf, healthOf } from '../environments/chosen.ts';
import { environmentsTable } from '../environments/list-text.ts';
import { json } from '../options.ts';

export const enginesListCommand = defineCommand({
  name: 'engines list',
  summary: {
    en: 'environments of Python engines: installed, verified, how large',
    ja: 'Python エンジンの環境: インストール済みか、検証済みか、大きさ',
  },
  description: {
    en: 'Lists the environments that this version of Hayasa can make, with the ones that are installed: their lock, Python, size, and how the conformance suite went. No Python is started.',
    ja: 'この版の Hayasa が作れる環境と、インストール済みのものを一覧します: ロック、Python、大きさ、適合性スイートの結果。Python は起動しません。',
  },
  arguments: [],
  options: { json },
  examples: [
    {
      line: 'hayasa engines list',
      comment: {
        en: 'what is installed, and what it takes',
        ja: '何がインストール済みで、どれだけ場所を取るか',
      },
    },
  ],
  run: async ({ host, terminal }, options) => {
    const environments = environmentsOf(ENGINE_DECLARATIONS).map((each) => ({
      label: environmentLabel(each.name),
      health: healthOf(host, each),
    }));
    terminal.write(
      options.json
        ? JSON.stringify({ environments }, englishOnly, 2)
        : environmentsTable(environments, terminal.say),
    );
    return EXIT.ok;
  },
});

/** `hayasa engines`: which engines run here, which could, which cannot, and what each can do. */

import { ENGINE_DECLARATIONS } from '../../engines/declarations.ts';
import { EXIT } from '../../kernel/errors.ts';
import { englishOnly } from '../../kernel/language.ts';
import { defineCommand } from '../command.ts';
import { enginesText } from '../engines/engines-text.ts';
import { engineJson, surveyEngines } from '../engines/survey.ts';
import { json } from '../options.ts';

export const enginesCommand = defineCommand({
  name: 'engines',
  summary: {
    en: 'engines: ready, installable or impossible here, and what they can do',
    ja: 'エンジン: 使用可能・インストール可能・ここでは不可能、そして何ができるか',
  },
  description: {
    en: 'Looks at every engine that this version knows: whether it is ready on this machine, how it is installed or why it cannot run, its precisions and what they really are, its capabilities and its options with their defaults.',
    ja: 'この版が知るすべてのエンジンを調べます: このマシンで使えるか、どうインストールするか、なぜ動かないか、精度とその実体、能力、オプションとその既定値。',
  },
  arguments: [],
  options: { json },
  examples: [
    { line: 'hayasa engines', comment: { en: 'what can be measured here', ja: 'ここで何を測れるか' } },
    {
      line: 'hayasa engines --json',
      comment: { en: 'the same for programs', ja: '同じものをプログラム向けに' },
    },
  ],
  run: async ({ host, terminal }, options) => {
    const engines = await surveyEngines(host, ENGINE_DECLARATIONS);
    terminal.write(
      options.json
        ? JSON.stringify({ engines: engines.map(engineJson) }, englishOnly, 2)
        : enginesText(engines, terminal.say),
    );
    return EXIT.ok;
  },
});

/** `hayasa claims DIR`: the verdict on each claim of a run's study. */
import { resolve } from 'node:path';
import { runFolder } from '../../journal/run-folder.ts';
import { EXIT } from '../../kernel/errors.ts';
import { defineCommand } from '../command.ts';
import { flag, json, text } from '../options.ts';

export const claimsCommand = defineCommand({
  name: 'claims',
  summary: { en: 'the verdict on each claim of a study', ja: 'スタディの主張それぞれへの判定' },
  description: {
    en: 'Prints for each claim of the study whether the run supports it, refutes it, leaves it undecided, or did not measure it here and why; with the effect, its interval and its margin.\nThe exit code is 0 whatever the verdicts are. With --expect FILE (YAML: `claim-id: supported`) it is 10 where one is another than expected.',
    ja: 'スタディの主張ごとに、実行がそれを支持するか、反証するか、未決か、ここでは測っていないか（とその理由）を、効果、区間、マージンとともに表示します。\n終了コードは判定によらず 0 です。--expect FILE（YAML: `claim-id: supported`）を付けると、期待と違う判定があれば 10 になります。',
  },
  arguments: [
    { name: 'DIR', summary: { en: 'the folder of a run', ja: '実行のフォルダー' }, required: true },
  ],
  options: {
    expect: text('FILE', {
      en: 'verdicts that are expected, a YAML mapping from claim to verdict',
      ja: '期待する判定。主張から判定への YAML',
    }),
    markdown: flag({ en: 'as a Markdown table', ja: 'Markdown の表で' }),
    json,
  },
  examples: [
    {
      line: 'hayasa claims runs/japanese-llm-2023-0123abcd',
      comment: { en: 'what of the study holds here', ja: 'スタディのうち、ここで成り立つもの' },
    },
    {
      line: 'hayasa claims runs/mine --expect verdicts.yaml',
      comment: { en: 'exit code 10 where a verdict has changed', ja: '判定が変わっていれば終了コード 10' },
    },
  ],
  run: async ({ host, terminal }, options, [folder = '']) => {
    // Loaded late: tables would slow down the start of every command.
    const { showClaims } = await import('../claims/show.ts');
    const { changed } = showClaims(host, terminal, runFolder(resolve(host.system.currentFolder, folder)), {
      form: options.json ? 'json' : options.markdown ? 'markdown' : 'terminal',
      expect: options.expect,
    });
    return changed.length > 0 ? EXIT.regression : EXIT.ok;
  },
});

/** `hayasa claims DIR`: the verdict on each claim of a run's study. */
import { resolve } from 'node:path';
import { runFolder } from '../../journal/run-folder.ts';
import { EXIT } from '../../kernel/errors.ts';
import { defineCommand } from '../command.ts';
import { flag, json, text } from '../options.ts';

export const claimsCommand = defineCommand({
  name: 'claims',
  summary: 'the verdict on each claim of a study',
  description:
    'Prints for each claim of the study whether the run supports it, refutes it, leaves it undecided, or did not measure it here and why; with the effect, its interval and its margin.\nThe exit code is 0 whatever the verdicts are. With --expect FILE (YAML: `claim-id: supported`) it is 10 where one is another than expected.',
  arguments: [{ name: 'DIR', summary: 'the folder of a run', required: true }],
  options: {
    expect: text('FILE', 'verdicts that are expected, a YAML mapping from claim to verdict'),
    markdown: flag('as a Markdown table'),
    json,
  },
  examples: [
    { line: 'hayasa claims runs/japanese-llm-2023-0123abcd', comment: 'what of the study holds here' },
    {
      line: 'hayasa claims runs/mine --expect verdicts.yaml',
      comment: 'exit code 10 where a verdict has changed',
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

/** `hayasa report DIR`: makes the reports of a run again from its journal. */
import { resolve } from 'node:path';
import { runFolder } from '../../journal/run-folder.ts';
import { EXIT } from '../../kernel/errors.ts';
import { defineCommand } from '../command.ts';
import { json } from '../options.ts';

export const reportCommand = defineCommand({
  name: 'report',
  summary: 'make the reports of a run again from its journal',
  description:
    'Reads a run folder and writes its Markdown, JSON and CSV reports beside the journal; prints the report.\nWorks on unfinished and interrupted runs too.',
  arguments: [{ name: 'DIR', summary: 'the folder of a run', required: true }],
  options: { json },
  examples: [{ line: 'hayasa report runs/quickstart-0123abcd', comment: 'the same report again' }],
  run: async ({ host, terminal }, options, [folder = '']) => {
    // Loaded late: charts and tables would double the start-up time of every command.
    const { writeReports } = await import('../reports.ts');
    const failures = await writeReports(
      host,
      terminal,
      runFolder(resolve(host.system.currentFolder, folder)),
      {
        json: options.json,
      },
    );
    return failures > 0 ? EXIT.finishedWithFailures : EXIT.ok;
  },
});

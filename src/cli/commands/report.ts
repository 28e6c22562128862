/** `hayasa report DIR...`: makes the reports of a run again from its journal, or one report of several machines' runs. */
import { resolve } from 'node:path';
import { DIALECT_IDS, findDialect } from '../../dialects/registry.ts';
import { importedRuns } from '../../importers/runs.ts';
import { runFolder } from '../../journal/run-folder.ts';
import { EXIT, ProblemsError } from '../../kernel/errors.ts';
import { LANGUAGES } from '../../report/figures/words.ts';
import { defineCommand } from '../command.ts';
import { readImports } from '../import/read-files.ts';
import { choice, json, names, prices, text } from '../options.ts';

export const reportCommand = defineCommand({
  name: 'report',
  summary: 'make the reports of a run again from its journal, or merge several runs',
  description:
    'Reads a run folder and writes its Markdown, JSON and CSV reports beside the journal; prints the report.\nWorks on unfinished and interrupted runs too.\nWith --dialect the names of another benchmark stand beside ours, computed from the same raw events, each with its formula and how it differs (docs/dialects.md).\nWith --with results of other benchmarks stand in the same table, marked as imported (docs/importing.md).\nSeveral folders, copied from several machines, become one report in a folder of its own (--out): machines told apart by processor and fingerprint, with the device figure, what differs between the runs, and ratios that are not paired.',
  arguments: [{ name: 'DIR...', summary: 'the folder of a run, or of several', required: true }],
  options: {
    dialect: choice('PEER', 'also show the metrics as this benchmark defines them', DIALECT_IDS, undefined),
    with: names('FILES', 'result files of other benchmarks, put into the same table'),
    labels: choice('LANGUAGE', 'language of the labels in figures', LANGUAGES, undefined),
    price: prices(
      'PRICE',
      "what an hour of the machine costs, over the study's own; gives money per million tokens",
    ),
    out: text('DIR', 'folder for the report of several runs; by default runs/merged-<hash>'),
    json,
  },
  examples: [
    { line: 'hayasa report runs/quickstart-0123abcd', comment: 'the same report again' },
    {
      line: 'hayasa report runs/quickstart-0123abcd --dialect vllm',
      comment: "with vLLM bench's mean_ttft_ms, mean_tpot_ms, ... beside ours",
    },
    {
      line: 'hayasa report runs/quickstart-0123abcd --price 1.20USD/h',
      comment: 'with money per million new, input and output tokens',
    },
    {
      line: 'hayasa report runs/quickstart-0123abcd --with run1.json,run2.json',
      comment: 'with what llama-bench or vLLM bench measured',
    },
    {
      line: 'hayasa report runs/mine-0123abcd copied/mine-4567cdef --out merged',
      comment: 'two machines in one report',
    },
  ],
  run: async ({ host, terminal }, options, folders) => {
    const [folder = ''] = folders;
    checkOptions(options, folders.length);
    if (folders.length > 1) {
      const { writeMergedReport } = await import('../merged-reports.ts');
      const failures = await writeMergedReport(host, terminal, folders, {
        json: options.json,
        out: options.out,
        language: options.labels,
      });
      return failures > 0 ? EXIT.finishedWithFailures : EXIT.ok;
    }
    // Loaded late: charts and tables would double the start-up time of every command.
    const { writeReports } = await import('../reports.ts');
    const files = options.with === undefined ? undefined : readImports(host, options.with, 'auto');
    const failures = await writeReports(
      host,
      terminal,
      runFolder(resolve(host.system.currentFolder, folder)),
      {
        json: options.json,
        dialect: options.dialect === undefined ? undefined : findDialect(options.dialect),
        language: options.labels,
        prices: options.price,
        imported: files === undefined ? undefined : { files, runs: importedRuns(files) },
      },
    );
    return failures > 0 ? EXIT.finishedWithFailures : EXIT.ok;
  },
});

/** @throws ProblemsError with every option that one or several folders do not take */
function checkOptions(
  options: {
    readonly dialect: unknown;
    readonly with: unknown;
    readonly price: unknown;
    readonly out: unknown;
  },
  folders: number,
): void {
  const wrong = folders > 1 ? (['dialect', 'with', 'price'] as const) : (['out'] as const);
  const message =
    folders > 1 ? 'belongs to the report of a single run' : 'belongs to the report of several runs';
  const problems = wrong
    .filter((key) => options[key] !== undefined)
    .map((key) => ({ path: `--${key}`, message }));
  if (problems.length > 0) throw new ProblemsError('hayasa report', problems);
}

/** `hayasa compare A B`: two runs, or two sides of one, cell by cell, with a test and an exit code for a build server. */
import { exitCodeOf } from '../../compare/verdict.ts';
import { findMetric } from '../../metrics/registry.ts';
import { throughput } from '../../metrics/throughput.ts';
import { defineCommand } from '../command.ts';
import { marginOption, metricOption } from '../compare/options.ts';
import { flag, json, text } from '../options.ts';

export const compareCommand = defineCommand({
  name: 'compare',
  summary: 'compare two runs, or two sides of one: faster, slower, equivalent or undecided',
  description:
    "Pairs the cells of A (the baseline) and B that are equal in everything but what is compared, and says of each whether B is faster, slower, equivalent within the margin, or undecided, with the ratio, its interval and the smallest difference that so many launches can find.\nTwo sides of one run are paired by block. Two runs were made at different times and are not paired; the report says so.\nSeveral comparisons are decided together by Holm's procedure.\n--a and --b select cells: key=value, several with commas. Keys: model, engine, version, precision, any axis of a study (batch, threads, ...), any option of an engine, cell (the beginning of a cell key).\nExit code: 0 where nothing is slower, 10 where B is slower in a comparison, 11 where one is undecided and none slower, 12 where outputs are wrong.",
  arguments: [
    { name: 'A', summary: 'folder of the baseline run', required: true },
    {
      name: 'B',
      summary: 'folder of the run to compare with it; default: A itself, with --a and --b',
      required: false,
    },
  ],
  options: {
    a: text('CELLS', 'which cells of A'),
    b: text('CELLS', 'which cells of B'),
    metric: metricOption,
    margin: marginOption,
    markdown: flag('print Markdown, for a pull request'),
    json,
  },
  examples: [
    { line: 'hayasa compare runs/before runs/after', comment: 'the same study before and after a change' },
    {
      line: 'hayasa compare runs/quickstart-0123abcd --a engine=onnxruntime --b engine=llama-cpp',
      comment: 'two engines of one run, paired by block',
    },
    {
      line: 'hayasa compare runs/before runs/after --metric ttft --margin 5% --markdown',
      comment: 'time to first token, as a comment for a pull request',
    },
  ],
  run: async ({ host, terminal }, options, [folderA = '', folderB]) => {
    // Loaded late: charts and tables would double the start-up time of every command.
    const { compareRuns } = await import('../compare/compare-runs.ts');
    const { printComparison } = await import('../compare/print.ts');
    const report = compareRuns(host, {
      folderA,
      folderB,
      a: options.a,
      b: options.b,
      metric: findMetric(options.metric) ?? throughput,
      margin: options.margin,
    });
    printComparison(report, options, terminal);
    return exitCodeOf(report.verdict);
  },
});

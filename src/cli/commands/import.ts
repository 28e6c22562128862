/** `hayasa import FILE...`: what files of other benchmarks state, under their names and ours. Writes nothing. */
import { IMPORT_FORMATS } from '../../importers/registry.ts';
import { importedRuns } from '../../importers/runs.ts';
import { EXIT } from '../../kernel/errors.ts';
import { defineCommand } from '../command.ts';
import { importedText } from '../import/import-text.ts';
import { readImports } from '../import/read-files.ts';
import { choice, json } from '../options.ts';

export const importCommand = defineCommand({
  name: 'import',
  summary: 'read results of other benchmarks: vLLM, guidellm, aiperf, llama-bench, ...',
  description:
    'Prints what result files of other benchmarks state, each value with our nearest metric and how its definition differs.\nFiles of one configuration are runs of it and get an interval; a single run has none. What a file does not state stays missing. Where a file has its raw samples, our own metrics are computed from them, and statistics that contradict them are named.\nhayasa report DIR --with FILE puts the values beside those of a run.',
  arguments: [{ name: 'FILE...', summary: 'result files of other benchmarks', required: true }],
  options: {
    format: choice(
      'FORMAT',
      'the format of all files; auto recognises it',
      ['auto', ...IMPORT_FORMATS],
      'auto',
    ),
    json,
  },
  examples: [
    { line: 'hayasa import result.json', comment: 'vllm bench serve --save-result --save-detailed' },
    {
      line: 'hayasa import run1.jsonl run2.jsonl run3.jsonl',
      comment: 'three runs of llama-bench -o jsonl: means with intervals',
    },
  ],
  run: async ({ host, terminal }, options, names) => {
    const files = readImports(host, names, options.format);
    const runs = importedRuns(files);
    terminal.write(options.json ? JSON.stringify({ files, runs }, null, 2) : importedText(files, runs));
    return EXIT.ok;
  },
});

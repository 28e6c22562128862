/** `hayasa import FILE...`: what files of other benchmarks state, under their names and ours. Writes nothing. */
import { IMPORT_FORMATS } from '../../importers/registry.ts';
import { importedRuns } from '../../importers/runs.ts';
import { EXIT } from '../../kernel/errors.ts';
import { englishOnly } from '../../kernel/language.ts';
import { defineCommand } from '../command.ts';
import { importedText } from '../import/import-text.ts';
import { readImports } from '../import/read-files.ts';
import { choice, json } from '../options.ts';

export const importCommand = defineCommand({
  name: 'import',
  summary: {
    en: 'read results of other benchmarks: vLLM, guidellm, aiperf, llama-bench, ...',
    ja: '他のベンチマークの結果を読む: vLLM、guidellm、aiperf、llama-bench など',
  },
  description: {
    en: 'Prints what result files of other benchmarks state, each value with our nearest metric and how its definition differs.\nFiles of one configuration are runs of it and get an interval; a single run has none. What a file does not state stays missing. Where a file has its raw samples, our own metrics are computed from them, and statistics that contradict them are named.\nhayasa report DIR --with FILE puts the values beside those of a run.',
    ja: '他のベンチマークの結果ファイルが述べることを、最も近い Hayasa の指標と、定義の違いとともに表示します。\n同じ設定のファイルは複数回の実行とみなして区間を付けます。1 回だけの実行には区間がありません。ファイルにないものは欠けたままです。生のサンプルがあれば Hayasa の指標をそこから計算し、それと矛盾する統計を挙げます。\nhayasa report DIR --with FILE は、その値を実行の値と並べます。',
  },
  arguments: [
    {
      name: 'FILE...',
      summary: { en: 'result files of other benchmarks', ja: '他のベンチマークの結果ファイル' },
      required: true,
    },
  ],
  options: {
    format: choice(
      'FORMAT',
      {
        en: 'the format of all files; auto recognises it',
        ja: 'すべてのファイルの形式。auto は自動で見分ける',
      },
      ['auto', ...IMPORT_FORMATS],
      'auto',
    ),
    json,
  },
  examples: [
    {
      line: 'hayasa import result.json',
      comment: {
        en: 'vllm bench serve --save-result --save-detailed',
        ja: 'vllm bench serve --save-result --save-detailed の結果',
      },
    },
    {
      line: 'hayasa import run1.jsonl run2.jsonl run3.jsonl',
      comment: {
        en: 'three runs of llama-bench -o jsonl: means with intervals',
        ja: 'llama-bench -o jsonl の 3 回の実行: 平均と区間',
      },
    },
  ],
  run: async ({ host, terminal }, options, names) => {
    const files = readImports(host, names, options.format);
    const runs = importedRuns(files);
    terminal.write(
      options.json
        ? JSON.stringify({ files, runs }, englishOnly, 2)
        : importedText(files, runs, terminal.say),
    );
    return EXIT.ok;
  },
});

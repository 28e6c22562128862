/** `hayasa explain RUN CELL`: where a value comes from, down to the lines of the journal, and how to get it again. */
import { EXIT } from '../../kernel/errors.ts';
import { englishOnly } from '../../kernel/language.ts';
import { defineCommand } from '../command.ts';
import { metricOption } from '../compare/options.ts';
import { flag, json } from '../options.ts';

export const explainCommand = defineCommand({
  name: 'explain',
  summary: {
    en: 'lead a value back to its raw samples, its conditions and the command that repeats it',
    ja: '値から生のサンプル、条件、再現するコマンドまでたどる',
  },
  description: {
    en: 'Shows for one cell of a run every launch with its repeats and the lines of the journal on which their stamps stand, what was asked and what the engine says that it did, the code (git commit, npm lock), the machine, and the commands that repeat it.\nCELL is the beginning of a cell key, or what is special about the cell: engine=onnxruntime,precision=fp32,batch=1 (keys as in hayasa compare).\nWith --json: every metric, not only the one that --metric names.',
    ja: '実行の一つのセルについて、各起動とその反復、その時刻が記録されたジャーナルの行、求めた条件とエンジンが実際に行ったと述べること、コード（git のコミット、npm のロック）、マシン、再現するコマンドを示します。\nCELL はセルキーの先頭、またはそのセルの特徴です: engine=onnxruntime,precision=fp32,batch=1（キーは hayasa compare と同じ）。\n--json では、--metric が名指すものだけでなく、すべての指標。',
  },
  arguments: [
    { name: 'RUN', summary: { en: 'the folder of a run', ja: '実行のフォルダー' }, required: true },
    {
      name: 'CELL',
      summary: {
        en: 'the beginning of a cell key, or key=value,...',
        ja: 'セルキーの先頭、または key=value,...',
      },
      required: true,
    },
  ],
  options: {
    metric: metricOption,
    study: flag({
      en: 'print a study file that measures this cell alone, and nothing else',
      ja: 'このセルだけを測るスタディファイルを出力し、他は何も出力しない',
    }),
    json,
  },
  examples: [
    {
      line: 'hayasa explain runs/quickstart-0123abcd engine=onnxruntime,precision=fp32,batch=1',
      comment: { en: 'its throughput, launch by launch', ja: 'スループットを起動ごとに' },
    },
    {
      line: 'hayasa explain runs/quickstart-0123abcd 4f2a --study > cell.yaml',
      comment: { en: 'measure one cell again', ja: '一つのセルをもう一度測る' },
    },
  ],
  run: async ({ host, terminal }, options, [folder = '', which = '']) => {
    // Loaded late: charts and tables would double the start-up time of every command.
    const { explainCell } = await import('../explain/explain-cell.ts');
    const { provenance, studyText } = explainCell(host, folder, which);
    if (options.json) {
      terminal.write(
        JSON.stringify({ schema: `hayasa-provenance/${provenance.version}`, ...provenance }, englishOnly, 2),
      );
    } else if (options.study) {
      terminal.write(studyText);
    } else {
      const { provenanceText } = await import('../explain/provenance-text.ts');
      terminal.write(provenanceText(provenance, options.metric, terminal.colors, terminal.say));
    }
    return EXIT.ok;
  },
});

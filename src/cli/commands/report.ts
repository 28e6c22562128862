/** `hayasa report DIR...`: makes the reports of a run again from its journal, or one report of several machines' runs. */
import { resolve } from 'node:path';
import { DIALECT_IDS, findDialect } from '../../dialects/registry.ts';
import { importedRuns } from '../../importers/runs.ts';
import { isRecord } from '../../journal/compressed.ts';
import { runFolder } from '../../journal/run-folder.ts';
import { EXIT, ProblemsError } from '../../kernel/errors.ts';
import { LANGUAGES } from '../../kernel/language.ts';
import { defineCommand } from '../command.ts';
import { readImports } from '../import/read-files.ts';
import { choice, json, names, prices, text } from '../options.ts';

export const reportCommand = defineCommand({
  name: 'report',
  summary: {
    en: 'make the reports of a run again from its journal, or merge several runs',
    ja: '実行のレポートをジャーナルから書き直す、または複数の実行を一つにまとめる',
  },
  description: {
    en: 'Reads a run folder and writes its Markdown, JSON and CSV reports beside the journal; prints the report.\nWorks on unfinished and interrupted runs too.\nWith --dialect the names of another benchmark stand beside ours, computed from the same raw events, each with its formula and how it differs (docs/dialects.md).\nWith --with results of other benchmarks stand in the same table, marked as imported (docs/importing.md).\nSeveral folders, copied from several machines, become one report in a folder of its own (--out): machines told apart by processor and fingerprint, with the device figure, what differs between the runs, and ratios that are not paired.',
    ja: '実行のフォルダーを読み、Markdown、JSON、CSV のレポートをジャーナルの隣に書き、レポートを表示します。\n終わっていない実行、中断した実行でも使えます。\n--dialect は他のベンチマークの呼び名を、同じ生のイベントから計算して並べます。式と違いも示します（docs/dialects.md）。\n--with は他のベンチマークの結果を、取り込んだものと印を付けて同じ表に入れます（docs/importing.md）。\n複数のマシンから写した複数のフォルダーは、専用のフォルダー（--out）の一つのレポートになります: マシンはプロセッサーと指紋で区別し、装置の図、実行の間の違い、対にしない比を示します。',
  },
  arguments: [
    {
      name: 'DIR...',
      summary: { en: 'the folder of a run, or of several', ja: '一つまたは複数の実行のフォルダー' },
      required: true,
    },
  ],
  options: {
    dialect: choice(
      'PEER',
      {
        en: 'also show the metrics as this benchmark defines them',
        ja: 'このベンチマークの定義による指標も示す',
      },
      DIALECT_IDS,
      undefined,
    ),
    with: names('FILES', {
      en: 'result files of other benchmarks, put into the same table',
      ja: '同じ表に入れる、他のベンチマークの結果ファイル',
    }),
    labels: choice(
      'LANGUAGE',
      {
        en: 'language of the labels in figures; default: that of the messages',
        ja: '図のラベルの言語。既定はメッセージの言語',
      },
      LANGUAGES,
      undefined,
    ),
    price: prices('PRICE', {
      en: "what an hour of the machine costs, over the study's own; gives money per million tokens",
      ja: 'マシンの 1 時間の値段。スタディのものに優先し、100 万トークンあたりの金額を示す',
    }),
    out: text('DIR', {
      en: 'folder for the report of several runs; by default runs/merged-<hash>',
      ja: '複数の実行のレポートのフォルダー。既定は runs/merged-<hash>',
    }),
    json,
  },
  examples: [
    {
      line: 'hayasa report runs/quickstart-0123abcd',
      comment: { en: 'the same report again', ja: '同じレポートをもう一度' },
    },
    {
      line: 'hayasa report runs/quickstart-0123abcd --dialect vllm',
      comment: {
        en: "with vLLM bench's mean_ttft_ms, mean_tpot_ms, ... beside ours",
        ja: 'vLLM bench の mean_ttft_ms、mean_tpot_ms などと並べて',
      },
    },
    {
      line: 'hayasa report runs/quickstart-0123abcd --price 1.20USD/h',
      comment: {
        en: 'with money per million new, input and output tokens',
        ja: '新規・入力・出力の 100 万トークンあたりの金額付きで',
      },
    },
    {
      line: 'hayasa report runs/quickstart-0123abcd --with run1.json,run2.json',
      comment: {
        en: 'with what llama-bench or vLLM bench measured',
        ja: 'llama-bench や vLLM bench が測ったものと一緒に',
      },
    },
    {
      line: 'hayasa report runs/mine-0123abcd copied/mine-4567cdef --out merged',
      comment: { en: 'two machines in one report', ja: '二つのマシンを一つのレポートに' },
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
        language: options.labels ?? terminal.language,
      });
      return failures > 0 ? EXIT.finishedWithFailures : EXIT.ok;
    }
    // Loaded late: charts and tables would double the start-up time of every command.
    const { writeReports } = await import('../reports.ts');
    const files = options.with === undefined ? undefined : readImports(host, options.with, 'auto');
    const paths = runFolder(resolve(host.system.currentFolder, folder));
    const failures = await writeReports(host, terminal, paths, {
      json: options.json,
      dialect: options.dialect === undefined ? undefined : findDialect(options.dialect),
      // A result of record has the same bytes whoever makes its report again.
      language: options.labels ?? (isRecord(host.files, paths) ? undefined : terminal.language),
      prices: options.price,
      imported: files === undefined ? undefined : { files, runs: importedRuns(files) },
    });
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
    folders > 1
      ? { en: 'belongs to the report of a single run', ja: '一つの実行のレポート用です' }
      : { en: 'belongs to the report of several runs', ja: '複数の実行のレポート用です' };
  const problems = wrong
    .filter((key) => options[key] !== undefined)
    .map((key) => ({ path: `--${key}`, message }));
  if (problems.length > 0) throw new ProblemsError('hayasa report', problems);
}

/** `hayasa compare A B`: two runs, or two sides of one, cell by cell, with a test and an exit code for a build server. */
import { exitCodeOf } from '../../compare/verdict.ts';
import { findMetric } from '../../metrics/registry.ts';
import { throughput } from '../../metrics/throughput.ts';
import { defineCommand } from '../command.ts';
import { marginOption, metricOption } from '../compare/options.ts';
import { flag, json, text } from '../options.ts';

export const compareCommand = defineCommand({
  name: 'compare',
  summary: {
    en: 'compare two runs, or two sides of one: faster, slower, equivalent or undecided',
    ja: '二つの実行、または一つの実行の二つの側を比べる: 速い、遅い、同等、未決',
  },
  description: {
    en: "Pairs the cells of A (the baseline) and B that are equal in everything but what is compared, and says of each whether B is faster, slower, equivalent within the margin, or undecided, with the ratio, its interval and the smallest difference that so many launches can find.\nTwo sides of one run are paired by block. Two runs were made at different times and are not paired; the report says so.\nSeveral comparisons are decided together by Holm's procedure.\n--a and --b select cells: key=value, several with commas. Keys: model, engine, version (default where the study names none), precision, any axis of a study (batch, threads, ...), any option of an engine, cell (the beginning of a cell key).\nExit code: 0 where nothing is slower, 10 where B is slower in a comparison, 11 where one is undecided and none slower, 12 where outputs are wrong.",
    ja: 'A（基準）と B のセルのうち、比べるもの以外がすべて等しいものを対にし、それぞれ B が速い、遅い、マージンの範囲で同等、未決のどれかを、比、区間、この起動数で検出できる最小の差とともに示します。\n一つの実行の二つの側はブロックごとに対にします。二つの実行は別の時刻に行われたので対にならず、レポートもそう述べます。\n複数の比較は Holm の手順で一緒に決めます。\n--a と --b はセルを選びます: key=value、複数はコンマ区切り。キー: model、engine、version（スタディが示していなければ default）、precision、スタディの任意の軸（batch、threads、...）、エンジンの任意のオプション、cell（セルキーの先頭）。\n終了コード: 遅いものがなければ 0、ある比較で B が遅ければ 10、遅いものはないが未決があれば 11、出力が誤っていれば 12。',
  },
  arguments: [
    {
      name: 'A',
      summary: { en: 'folder of the baseline run', ja: '基準になる実行のフォルダー' },
      required: true,
    },
    {
      name: 'B',
      summary: {
        en: 'folder of the run to compare with it; default: A itself, with --a and --b',
        ja: 'それと比べる実行のフォルダー。既定は A 自身（--a と --b を使う）',
      },
      required: false,
    },
  ],
  options: {
    a: text('CELLS', { en: 'which cells of A', ja: 'A のどのセルか' }),
    b: text('CELLS', { en: 'which cells of B', ja: 'B のどのセルか' }),
    metric: metricOption,
    margin: marginOption,
    markdown: flag({
      en: 'print Markdown, for a pull request',
      ja: 'プルリクエスト用に Markdown で出力する',
    }),
    json,
  },
  examples: [
    {
      line: 'hayasa compare runs/before runs/after',
      comment: { en: 'the same study before and after a change', ja: '変更の前と後の同じスタディ' },
    },
    {
      line: 'hayasa compare runs/quickstart-0123abcd --a engine=onnxruntime --b engine=llama-cpp',
      comment: {
        en: 'two engines of one run, paired by block',
        ja: '一つの実行の二つのエンジンを、ブロックごとの対で',
      },
    },
    {
      line: 'hayasa compare runs/before runs/after --metric ttft --margin 5% --markdown',
      comment: {
        en: 'time to first token, as a comment for a pull request',
        ja: '最初のトークンまでの時間を、プルリクエストのコメントとして',
      },
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

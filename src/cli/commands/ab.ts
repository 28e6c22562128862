/** `hayasa ab STUDY --a ... --b ...`: two sides of a study in turn, until decided or out of budget. */
import { exitCodeOf } from '../../compare/verdict.ts';
import { EXIT } from '../../kernel/errors.ts';
import { findMetric } from '../../metrics/registry.ts';
import { throughput } from '../../metrics/throughput.ts';
import { defineCommand } from '../command.ts';
import { marginOption, metricOption } from '../compare/options.ts';
import { fetchStudyModels } from '../models/fetch-model.ts';
import { flag, integer, json, required, text } from '../options.ts';
import { runOptions } from '../run-options.ts';
import { hayasaSource } from '../source.ts';
import { readStudy, studyArgument, studyOptions } from '../study-file.ts';
import { progressView } from '../ui/progress-view.ts';
import { hayasaVersion } from '../version.ts';

/** Two blocks know almost nothing of their spread. */
const FIRST_LOOK = 3;

export const abCommand = defineCommand({
  name: 'ab',
  summary: {
    en: 'measure two sides of a study in turn until it is decided which is faster',
    ja: 'スタディの二つの側を、どちらが速いか決まるまで交互に測る',
  },
  description: {
    en: "Makes a study of A (the baseline) and B alone: what --a and --b name is set, the rest is the study's. Each block measures both sides, adjacent in time and in random order, so that swings of the machine cancel.\nAfter every block from the third on, each pair of cells is looked at, and the run ends when all are decided: faster, slower, or equivalent within the margin. The intervals hold at all looks together (error spending), so stopping early does not raise the rate of false findings. The first three launches of a side take three repeats, later ones as many as are worth their time by what the earlier blocks told, within repeats.minimum and repeats.maximum of the study.\nKeys as in hayasa compare: engine, precision, any axis, any option of an engine; values may be other than the study's.\nThe run is an ordinary one: the same command goes on where it stopped, and hayasa report, compare and explain read it.\nExit code: 0 where nothing is slower, 10 where B is slower, 11 where a comparison is undecided and none slower, 12 where outputs are wrong, 130 interrupted.",
    ja: 'スタディから A（基準）と B だけのスタディを作ります。--a と --b が名指すものはその値になり、残りはスタディのままです。各ブロックは両側を、隣り合う時刻に、順序を混ぜて測るので、マシンの揺れは打ち消し合います。\n3 番目以降のブロックごとに各対を調べ、すべてが決まった時点で終わります: 速い、遅い、またはマージンの範囲で同等。区間は何度調べても全体として成り立つので（誤り率の配分）、早く止めても誤った発見は増えません。各側の最初の 3 起動は 3 回反復し、その後は、前のブロックから見て時間に見合うだけ、スタディの repeats.minimum と repeats.maximum の範囲で反復します。\nキーは hayasa compare と同じです: エンジン、精度、任意の軸、エンジンの任意のオプション。スタディにない値でもかまいません。\n実行は普通の実行です: 同じコマンドは止まった所から続け、hayasa report、compare、explain が読めます。\n終了コード: 遅いものがなければ 0、B が遅ければ 10、遅いものはないが未決があれば 11、出力が誤っていれば 12、中断は 130。',
  },
  arguments: [studyArgument],
  options: {
    a: required(text('SETTINGS', { en: 'the baseline', ja: '基準' })),
    b: required(text('SETTINGS', { en: 'what is compared with it', ja: 'それと比べるもの' })),
    metric: metricOption,
    margin: marginOption,
    rounds: integer('N', { en: 'blocks at most', ja: 'ブロック数の上限' }, FIRST_LOOK, 20),
    ...studyOptions,
    ...runOptions,
    out: text('DIR', {
      en: 'folder of the run; by default runs/<study>-ab-<run id>',
      ja: '実行のフォルダー。既定は runs/<study>-ab-<run id>',
    }),
    markdown: flag({
      en: 'print Markdown, for a pull request',
      ja: 'プルリクエスト用に Markdown で出力する',
    }),
    json,
  },
  examples: [
    {
      line: 'hayasa ab studies/quickstart.yaml --a engine=onnxruntime --b engine=llama-cpp --budget 5m',
      comment: { en: 'two engines', ja: '二つのエンジン' },
    },
    {
      line: 'hayasa ab my-study.yaml --a threads=1 --b threads=2 --margin 5%',
      comment: {
        en: 'the same engine with one thread and with two',
        ja: '同じエンジンの 1 スレッドと 2 スレッド',
      },
    },
    {
      line: 'hayasa ab my-study.yaml --a engine=onnxruntime,attention=plain --b engine=onnxruntime,attention=fused',
      comment: { en: 'what a technique is worth', ja: 'ある手法の価値' },
    },
  ],
  run: async (context, options, [file]) => {
    const { host, terminal, interrupt } = context;
    const study = readStudy(host, file, options);
    await fetchStudyModels(context, study, options);
    // Loaded late: charts and tables would double the start-up time of every command.
    const { runAb } = await import('../compare/ab.ts');
    const progress = progressView(terminal, host.clock);
    const { run, report } = await runAb(
      host,
      {
        study,
        a: options.a,
        b: options.b,
        metric: findMetric(options.metric) ?? throughput,
        margin: options.margin,
        looks: { first: FIRST_LOOK, maximum: options.rounds },
        budget_ms: options.budget,
        quietGate_ms: options.quietGate,
        out: options.out,
        hayasaVersion: hayasaVersion(host.files),
        source: hayasaSource(host.files),
      },
      progress.onEvent,
      interrupt(),
    ).finally(() => {
      progress.close();
    });
    const { printComparison } = await import('../compare/print.ts');
    printComparison(report, options, terminal);
    return run.outcome === 'interrupted' ? EXIT.interrupted : exitCodeOf(report.verdict);
  },
});

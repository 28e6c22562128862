/** `hayasa run STUDY`: measures, and ends with a report, whatever ended it. */
import { ENGINE_DECLARATIONS } from '../../engines/declarations.ts';
import { EXIT } from '../../kernel/errors.ts';
import { runStudy } from '../../run/run-study.ts';
import { defineCommand } from '../command.ts';
import { fetchStudyModels } from '../models/fetch-model.ts';
import { json } from '../options.ts';
import { cacheLimit, runOptions } from '../run-options.ts';
import { hayasaSource } from '../source.ts';
import { readStudy, studyArgument, studyOptions } from '../study-file.ts';
import { progressView } from '../ui/progress-view.ts';
import { hayasaVersion } from '../version.ts';

export const runCommand = defineCommand({
  name: 'run',
  summary: { en: 'measure a study and report', ja: 'スタディを測り、レポートを出す' },
  description: {
    en: 'Runs the launches of a study in interleaved rounds until every cell has enough, the budget is spent, or Ctrl-C.\nEvery way out ends with a valid report; nothing measured is lost. The same command again goes on where it stopped.',
    ja: 'スタディの起動を、交互に並べたラウンドで、すべてのセルが十分になるか、予算を使い切るか、Ctrl-C まで実行します。\nどの終わり方でも有効なレポートで終わり、測ったものは失われません。同じコマンドをもう一度実行すると、止まった所から続けます。',
  },
  arguments: [studyArgument],
  options: {
    ...studyOptions,
    ...runOptions,
    cacheLimit,
    json,
  },
  examples: [
    { line: 'hayasa run studies/quickstart.yaml', comment: { en: 'the main job', ja: '本来の仕事' } },
    {
      line: 'hayasa run --model ./my-model',
      comment: {
        en: 'one model: the engines and precisions that fit it',
        ja: '一つのモデル: それに合うエンジンと精度',
      },
    },
    {
      line: 'hayasa run --model owner/name',
      comment: {
        en: 'a model of the Hugging Face hub, fetched once',
        ja: 'Hugging Face ハブのモデル。取得は一度だけ',
      },
    },
    {
      line: 'hayasa run my-study.yaml --budget 10m --out runs/mine',
      comment: { en: 'again to go on', ja: 'もう一度実行して続ける' },
    },
    {
      line: 'hayasa run my-study.yaml --quiet-gate',
      comment: { en: 'wait for a quiet moment before each launch', ja: '各起動の前に静かな時を待つ' },
    },
  ],
  run: async (context, options, [file]) => {
    const { host, terminal, interrupt } = context;
    const study = readStudy(host, file, options);
    await fetchStudyModels(context, study, options);
    const progress = progressView(terminal, host.clock);
    const result = await runStudy(
      host,
      {
        ...study,
        declarations: ENGINE_DECLARATIONS,
        hayasaVersion: hayasaVersion(host.files),
        source: hayasaSource(host.files),
        out: options.out,
        budget_ms: options.budget,
        quietGate_ms: options.quietGate,
        cacheLimitBytes: options.cacheLimit,
      },
      progress.onEvent,
      interrupt(),
    ).finally(() => {
      progress.close();
    });
    // Loaded late: charts and tables would double the start-up time of every command.
    const { writeReports } = await import('../reports.ts');
    const failures = await writeReports(host, terminal, result.folder, { json: options.json });
    if (result.outcome === 'interrupted') return EXIT.interrupted;
    return failures > 0 ? EXIT.finishedWithFailures : EXIT.ok;
  },
});

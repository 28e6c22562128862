/** `hayasa why RUN A B`: where the difference of two cells comes from. */
import { EXIT } from '../../kernel/errors.ts';
import { englishOnly } from '../../kernel/language.ts';
import { defineCommand } from '../command.ts';
import { marginOption } from '../compare/options.ts';
import { flag, json } from '../options.ts';
import { stageView } from '../ui/progress-view.ts';

export const whyCommand = defineCommand({
  name: 'why',
  summary: {
    en: 'explain why one cell of a run is faster than another',
    ja: '実行の一つのセルが別のセルより速い理由を説明する',
  },
  description: {
    en: "Compares two cells of a run by what their steps must do (bytes and FLOPs, from exact counts), by how near they come to the measured roofs, and by the time of their kernels. The ratio of two steps is split into two factors: the work, and how much of what the machine allows is used.\nKernel times by operator come from an untimed extra launch of each cell under its engine's own profiler (onnxruntime; PyTorch's for transformers); nothing of it enters the run. What no kernel takes is idle.\nA and B: the beginning of a cell key, or what is special about the cell, as in hayasa explain.",
    ja: '実行の二つのセルを、ステップで行うべきこと（正確に数えたバイト数と FLOP 数）、実測したルーフへの近さ、カーネルの時間で比べます。二つのステップの比を、仕事の量と、マシンの能力のうち使われた割合との、二つの因子に分けます。\nカーネルの演算別の時間は、エンジン自身のプロファイラー（onnxruntime、transformers は PyTorch のもの）の下での、時間に数えない追加の起動によります。実行には何も加わりません。どのカーネルのものでもない時間は空きです。\nA と B: セルキーの先頭、またはセルの特徴（hayasa explain と同じ）。',
  },
  arguments: [
    { name: 'RUN', summary: { en: 'the folder of a run', ja: '実行のフォルダー' }, required: true },
    {
      name: 'A',
      summary: {
        en: 'one cell: the beginning of its key, or key=value,...',
        ja: '一つのセル: キーの先頭、または key=value,...',
      },
      required: true,
    },
    { name: 'B', summary: { en: 'the other cell', ja: 'もう一つのセル' }, required: true },
  ],
  options: {
    recorded: flag({
      en: 'use only what the run recorded; launch nothing',
      ja: '実行が記録したものだけを使い、何も起動しない',
    }),
    margin: marginOption,
    json,
  },
  examples: [
    {
      line: 'hayasa why runs/quickstart-0123abcd engine=onnxruntime,precision=fp32,batch=1 engine=onnxruntime,precision=w8,batch=1',
      comment: { en: 'what a precision changes', ja: '精度が何を変えるか' },
    },
    {
      line: 'hayasa why runs/quickstart-0123abcd 4f2a 91bc --recorded',
      comment: { en: 'without extra launches', ja: '追加の起動なしで' },
    },
  ],
  run: async ({ host, terminal }, options, [folder = '', a = '', b = '']) => {
    // Loaded late: charts and tables would double the start-up time of every command.
    const { explainWhy } = await import('../why/explain-why.ts');
    const view = stageView(terminal);
    const explanation = await explainWhy(
      host,
      { folder, a, b, margin: options.margin, profile: !options.recorded },
      (name) => {
        if (!options.json) view.show(name, 0);
      },
    ).finally(() => {
      view.close();
    });
    if (options.json) {
      terminal.write(
        JSON.stringify({ schema: `hayasa-why/${explanation.version}`, ...explanation }, englishOnly, 2),
      );
    } else {
      const { explanationText } = await import('../why/explanation-text.ts');
      terminal.write(explanationText(explanation, terminal.colors, terminal.say));
    }
    return EXIT.ok;
  },
});

/** `hayasa why RUN A B`: where the difference of two cells comes from. */
import { EXIT } from '../../kernel/errors.ts';
import { defineCommand } from '../command.ts';
import { marginOption } from '../compare/options.ts';
import { flag, json } from '../options.ts';
import { stageView } from '../ui/progress-view.ts';

export const whyCommand = defineCommand({
  name: 'why',
  summary: 'explain why one cell of a run is faster than another',
  description:
    "Compares two cells of a run by what their steps must do (bytes and FLOPs, from exact counts), by how near they come to the measured roofs, and by the time of their kernels. The ratio of two steps is split into two factors: the work, and how much of what the machine allows is used.\nKernel times by operator come from an untimed extra launch of each cell under its engine's own profiler (now: onnxruntime); nothing of it enters the run. What no kernel takes is idle.\nA and B: the beginning of a cell key, or what is special about the cell, as in hayasa explain.",
  arguments: [
    { name: 'RUN', summary: 'the folder of a run', required: true },
    { name: 'A', summary: 'one cell: the beginning of its key, or key=value,...', required: true },
    { name: 'B', summary: 'the other cell', required: true },
  ],
  options: {
    recorded: flag('use only what the run recorded; launch nothing'),
    margin: marginOption,
    json,
  },
  examples: [
    {
      line: 'hayasa why runs/quickstart-0123abcd engine=onnxruntime,precision=fp32,batch=1 engine=onnxruntime,precision=w8,batch=1',
      comment: 'what a precision changes',
    },
    { line: 'hayasa why runs/quickstart-0123abcd 4f2a 91bc --recorded', comment: 'without extra launches' },
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
        JSON.stringify({ schema: `hayasa-why/${explanation.version}`, ...explanation }, null, 2),
      );
    } else {
      const { explanationText } = await import('../why/explanation-text.ts');
      terminal.write(explanationText(explanation, terminal.colors));
    }
    return EXIT.ok;
  },
});

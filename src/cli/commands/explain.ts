/** `hayasa explain RUN CELL`: where a value comes from, down to the lines of the journal, and how to get it again. */
import { EXIT } from '../../kernel/errors.ts';
import { defineCommand } from '../command.ts';
import { metricOption } from '../compare/options.ts';
import { flag, json } from '../options.ts';

export const explainCommand = defineCommand({
  name: 'explain',
  summary: 'lead a value back to its raw samples, its conditions and the command that repeats it',
  description:
    'Shows for one cell of a run every launch with its repeats and the lines of the journal on which their stamps stand, what was asked and what the engine says that it did, the code (git commit, npm lock), the machine, and the commands that repeat it.\nCELL is the beginning of a cell key, or what is special about the cell: engine=onnxruntime,precision=fp32,batch=1 (keys as in hayasa compare).\nWith --json: every metric, not only the one that --metric names.',
  arguments: [
    { name: 'RUN', summary: 'the folder of a run', required: true },
    { name: 'CELL', summary: 'the beginning of a cell key, or key=value,...', required: true },
  ],
  options: {
    metric: metricOption,
    study: flag('print a study file that measures this cell alone, and nothing else'),
    json,
  },
  examples: [
    {
      line: 'hayasa explain runs/quickstart-0123abcd engine=onnxruntime,precision=fp32,batch=1',
      comment: 'its throughput, launch by launch',
    },
    {
      line: 'hayasa explain runs/quickstart-0123abcd 4f2a --study > cell.yaml',
      comment: 'measure one cell again',
    },
  ],
  run: async ({ host, terminal }, options, [folder = '', which = '']) => {
    // Loaded late: charts and tables would double the start-up time of every command.
    const { explainCell } = await import('../explain/explain-cell.ts');
    const { provenance, studyText } = explainCell(host, folder, which);
    if (options.json) {
      terminal.write(
        JSON.stringify({ schema: `hayasa-provenance/${provenance.version}`, ...provenance }, null, 2),
      );
    } else if (options.study) {
      terminal.write(studyText);
    } else {
      const { provenanceText } = await import('../explain/provenance-text.ts');
      terminal.write(provenanceText(provenance, options.metric, terminal.colors));
    }
    return EXIT.ok;
  },
});

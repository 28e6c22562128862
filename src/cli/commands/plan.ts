/** `hayasa plan STUDY`: what a run would do, and what it would not do and why. Starts nothing, writes nothing. */
import { ENGINE_DECLARATIONS } from '../../engines/declarations.ts';
import { EXIT } from '../../kernel/errors.ts';
import { planStudy } from '../../run/open-run.ts';
import { defineCommand } from '../command.ts';
import { json } from '../options.ts';
import { readStudy, studyArgument, studyOptions } from '../study-file.ts';
import { planText } from '../ui/plan-text.ts';
import { hayasaVersion } from '../version.ts';

export const planCommand = defineCommand({
  name: 'plan',
  summary: 'show what a study would measure; starts nothing',
  description:
    'Lists the cells of a study by launch, what is left out and why, and the estimated time, memory and disk.\nThe estimates come from exact counts of bytes and FLOPs and a cautious share of what this machine can do.',
  arguments: [studyArgument],
  options: { ...studyOptions, json },
  examples: [{ line: 'hayasa plan studies/quickstart.yaml', comment: 'what `npm start` measures' }],
  run: async ({ host, terminal }, options, [file]) => {
    const planned = await planStudy(host, {
      ...readStudy(host, file, options),
      declarations: ENGINE_DECLARATIONS,
      hayasaVersion: hayasaVersion(host.files),
    });
    const { plan, study, environment } = planned;
    terminal.write(
      options.json
        ? JSON.stringify({ study: study.name, runId: environment.runId, plan }, null, 2)
        : planText(planned),
    );
    return plan.cells.length === 0 ? EXIT.refusedByPlan : EXIT.ok;
  },
});

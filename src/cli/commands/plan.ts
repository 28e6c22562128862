/** `hayasa plan STUDY`: what a run would do, and what it would not do and why. Starts nothing, writes nothing. */

import { ENGINE_DECLARATIONS } from '../../engines/declarations.ts';
import { EXIT } from '../../kernel/errors.ts';
import { englishOnly } from '../../kernel/language.ts';
import { planStudy } from '../../run/open-run.ts';
import { defineCommand } from '../command.ts';
import { json } from '../options.ts';
import { cacheLimit } from '../run-options.ts';
import { readStudy, studyArgument, studyOptions } from '../study-file.ts';
import { planText } from '../ui/plan-text.ts';
import { hayasaVersion } from '../version.ts';

export const planCommand = defineCommand({
  name: 'plan',
  summary: {
    en: 'show what a study would measure; starts nothing',
    ja: 'スタディが何を測るかを示す。何も始めない',
  },
  description: {
    en: 'Lists the cells of a study by launch, what is left out and why, and the estimated time, memory and disk.\nThe estimates come from exact counts of bytes and FLOPs and a cautious share of what this machine can do.',
    ja: 'スタディのセルを起動ごとに、除外されるものを理由とともに、そして時間・メモリ・ディスクの見積りを一覧します。\n見積りは、バイト数と FLOP 数の正確な計算と、このマシンの能力の控えめな割合によります。',
  },
  arguments: [studyArgument],
  options: { ...studyOptions, cacheLimit, json },
  examples: [
    {
      line: 'hayasa plan studies/quickstart.yaml',
      comment: { en: 'what `npm start` measures', ja: '`npm start` が測るもの' },
    },
  ],
  run: async ({ host, terminal }, options, [file]) => {
    const planned = await planStudy(host, {
      ...readStudy(host, file, options),
      declarations: ENGINE_DECLARATIONS,
      hayasaVersion: hayasaVersion(host.files),
      cacheLimitBytes: options.cacheLimit,
    });
    const { plan, study, environment } = planned;
    terminal.write(
      options.json
        ? JSON.stringify({ study: study.name, runId: environment.runId, plan }, englishOnly, 2)
        : planText(planned, terminal.say),
    );
    return plan.cells.length === 0 ? EXIT.refusedByPlan : EXIT.ok;
  },
});

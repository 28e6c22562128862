/** `hayasa doctor`: the machine, its measured roofs, how noisy it is now, the engines, and advice. */
import { ENGINE_DECLARATIONS } from '../../engines/declarations.ts';
import { EXIT, type Problem, ProblemsError } from '../../kernel/errors.ts';
import { defineCommand } from '../command.ts';
import { advise } from '../doctor/advice.ts';
import { doctorText } from '../doctor/doctor-text.ts';
import { examine } from '../doctor/examine.ts';
import { watchNoise } from '../doctor/watch.ts';
import { engineJson } from '../engines/survey.ts';
import { duration, flag, integer, json } from '../options.ts';

export const doctorCommand = defineCommand({
  name: 'doctor',
  summary: 'the machine: instruction sets, measured roofs, noise right now, advice',
  description:
    'Reads what the machine is, listens to it for 2 s (so leave it alone), measures what it can do (memory read; matrix multiply per dtype through ONNX Runtime, no compiler needed), looks at the engines and says what to do about it. Takes about 8 s. Reads no host name and no serial numbers.\nWith --watch it only listens: what other programs do, every 2 s, until Ctrl-C, and then a summary (one JSON object per line with --json).',
  arguments: [],
  options: {
    threads: integer('N', 'threads for the roofs; default: one per core that may be used', 1, undefined),
    watch: flag('watch the noise of the machine live, instead of everything else'),
    for: duration('TIME', 'end watching after this long'),
    json,
  },
  examples: [
    { line: 'hayasa doctor', comment: 'before the first study' },
    { line: 'hayasa doctor --json > machine.json', comment: 'everything, all CPU flags included' },
    { line: 'hayasa doctor --watch --for 30s', comment: 'is the machine quiet enough to measure?' },
  ],
  run: async ({ host, terminal, interrupt }, options) => {
    const problems = contradictions(options);
    if (problems.length > 0) throw new ProblemsError('hayasa doctor', problems);
    if (options.watch) {
      await watchNoise(host, terminal, { json: options.json, for_ms: options.for }, interrupt());
      return EXIT.ok;
    }
    const examination = await examine(host, ENGINE_DECLARATIONS, options.threads, (what) => {
      if (!options.json) terminal.writeError(`${what} ...`);
    });
    const advice = advise(examination);
    const engines = examination.engines.map(engineJson);
    terminal.write(
      options.json
        ? JSON.stringify({ ...examination, engines, advice }, null, 2)
        : doctorText(examination, advice),
    );
    return EXIT.ok;
  },
});

function contradictions(options: {
  readonly watch: boolean;
  readonly for: number | undefined;
  readonly threads: number | undefined;
}): Problem[] {
  return [
    ...(options.for !== undefined && !options.watch
      ? [{ path: '--for', message: 'says how long to watch, and needs --watch' }]
      : []),
    ...(options.threads !== undefined && options.watch
      ? [{ path: '--threads', message: 'is for measuring, which --watch does not do' }]
      : []),
  ];
}

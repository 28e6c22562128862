/** `hayasa doctor`: the machine, its measured roofs, how noisy it is now, the engines, and advice. */
import { ENGINE_DECLARATIONS } from '../../engines/declarations.ts';
import { EXIT } from '../../kernel/errors.ts';
import { defineCommand } from '../command.ts';
import { advise } from '../doctor/advice.ts';
import { doctorText } from '../doctor/doctor-text.ts';
import { examine } from '../doctor/examine.ts';
import { engineJson } from '../engines/survey.ts';
import { integer, json } from '../options.ts';

export const doctorCommand = defineCommand({
  name: 'doctor',
  summary: 'the machine: instruction sets, measured roofs, noise right now, advice',
  description:
    'Reads what the machine is, listens to it for 2 s (so leave it alone), measures what it can do (memory read; matrix multiply per dtype through ONNX Runtime, no compiler needed), looks at the engines and says what to do about it. Takes about 8 s. Reads no host name and no serial numbers.',
  arguments: [],
  options: {
    threads: integer('N', 'threads for the roofs; default: one per core that may be used', 1, undefined),
    json,
  },
  examples: [
    { line: 'hayasa doctor', comment: 'before the first study' },
    { line: 'hayasa doctor --json > machine.json', comment: 'everything, all CPU flags included' },
  ],
  run: async ({ host, terminal }, options) => {
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

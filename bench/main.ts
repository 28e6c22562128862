/** `npm run bench -- [part...]`: measures what the project claims of itself; each part writes its own result file. */
import { Command, Option } from 'commander';
import { duration } from '../src/cli/options.ts';
import { realHost } from '../src/host/real-host.ts';
import { same } from '../src/kernel/language.ts';
import type { BenchOptions } from './options.ts';
import { PARTS } from './parts.ts';
import { renewReadme } from './readme.ts';
import { writeResult } from './result.ts';

const whole = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new RangeError(`${text} is no positive whole number`);
  return value;
};
const time_ms = (text: string): number => {
  const value = duration('TIME', same('')).parse(text);
  if (value === undefined) throw new RangeError(`${text} is no time such as 90s, 10m or 1h30m`);
  return value;
};
const list = (text: string): string[] => text.split(',').filter((item) => item !== '');
const partLines = PARTS.map(({ id, summary }) => `  ${id.padEnd(14)}${summary}`).join('\n');
const host = realHost();

const program = new Command('npm run bench --')
  .description('Measures what the project claims of itself. Results go to bench/results/<date>-<part>.json.')
  .argument('[parts...]', 'parts to run, all of them unless named')
  .addHelpText('after', `\nParts:\n${partLines}\n\nFor figures worth checking in, leave the machine alone.`)
  .addOption(new Option('--blocks <n>', 'blocks of each comparison').argParser(whole).default(10))
  .addOption(new Option('--comparisons <n>', 'of part same, each way').argParser(whole).default(100))
  .addOption(
    new Option('--neighbours <list>', 'of part same: none, burner (a process that burns a core now and then)')
      .argParser(list)
      .default(['none', 'burner']),
  )
  .addOption(new Option('--seed <n>', 'order within the blocks').argParser(Number).default(0))
  .addOption(new Option('--threads <n>', 'of each engine').argParser(whole).default(host.system.logicalCpus))
  .addOption(
    new Option(
      '--only <list>',
      'comma-separated: engine/precision pairs of bare-loops, presets of conversion, classes of side-by-side (fp32, 8-bit, 4-bit, 16-bit)',
    )
      .argParser(list)
      .default([]),
  )
  .addOption(
    new Option('--batches <list>', 'batch sizes')
      .argParser((text) => list(text).map(whole))
      .default([1, 4, 16, 64]),
  )
  .addOption(new Option('--input <n>', 'prompt tokens of each sequence').argParser(whole).default(64))
  .addOption(new Option('--output <n>', 'new tokens of each sequence').argParser(whole).default(64))
  .addOption(new Option('--rounds <n>', 'of part side-by-side, instead of 5').argParser(whole))
  .addOption(
    new Option(
      '--budget <time>',
      'time of this invocation, e.g. 20m; comparisons: 2h unless given',
    ).argParser(time_ms),
  )
  .addOption(new Option('--label <text>', 'added to the names of the result files'))
  .parse();

const chosen = PARTS.filter(({ id }) => program.args.length === 0 || program.args.includes(id));
const unknown = program.args.filter((name) => !PARTS.some(({ id }) => id === name));
if (unknown.length > 0) program.error(`no such part: ${unknown.join(', ')}; parts:\n${partLines}`);

const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};
const { budget: budget_ms, ...given } = program.opts<Partial<BenchOptions> & { budget?: number }>();
const options = { label: undefined, rounds: undefined, budget_ms, ...given } as BenchOptions;
for (const { id, run, resultName } of chosen) {
  say(`${id}:`);
  const own = resultName?.(options) ?? id;
  const name = options.label === undefined ? own : `${own}-${options.label}`;
  const save = (result: object): void => {
    writeResult(host, name, { ...result });
  };
  save(await run(host, options, say, save));
}
renewReadme(host);

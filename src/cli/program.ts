/** The program built from a list of commands: parsing is commander's; names, help and errors are the declarations'. */
import { Command, CommanderError, Option } from 'commander';
import { EXIT, type ExitCode, HayasaError } from '../kernel/errors.ts';
import type { CommandContext, CommandDeclaration } from './command.ts';
import { EXIT_CODES } from './exit-codes.ts';
import { longOption, parseOptions } from './parse-options.ts';

export interface Program {
  /**
   * Runs the command that `args` names (without `node` and the script).
   * @throws HayasaError `cli/usage` and whatever the command throws
   */
  run(args: readonly string[], context: CommandContext): Promise<ExitCode>;
}

const ABOUT =
  'The laboratory for LLM inference speed: which engine, precision and batch size is fastest on this machine, by how much, and how sure that is.';

export function buildProgram(commands: readonly CommandDeclaration[], version: string): Program {
  return {
    run: async (args, context) => {
      let exitCode: ExitCode = EXIT.ok;
      const root = createCommand('hayasa', context)
        .description(ABOUT)
        .version(version, '--version', 'print the version')
        .addHelpText('after', rootHelp());
      for (const declaration of commands) {
        addCommand(root, declaration, context, (code) => {
          exitCode = code;
        });
      }
      try {
        if (args.length === 0) {
          root.outputHelp();
          return EXIT.badInput;
        }
        await root.parseAsync([...args], { from: 'user' });
      } catch (error) {
        if (!(error instanceof CommanderError)) throw error;
        if (error.exitCode !== 0) throw usageError(error, namedCommand(root, args));
      }
      return exitCode;
    },
  };
}

function createCommand(name: string, { terminal }: CommandContext): Command {
  return (
    new Command(name)
      .exitOverride()
      // Else a group would take the options of its members: both have --json.
      .enablePositionalOptions()
      .helpCommand(false)
      .helpOption('-h, --help', 'print this help')
      .showSuggestionAfterError()
      .configureOutput({
        writeOut: (text) => terminal.write(text),
        // Errors are printed once, by `main`, with code and hint.
        writeErr: () => {},
        getOutHelpWidth: () => terminal.columns,
      })
  );
}

function addCommand(
  root: Command,
  declaration: CommandDeclaration,
  context: CommandContext,
  onExit: (code: ExitCode) => void,
): void {
  const words = declaration.name.split(' ');
  const last = words.pop() ?? declaration.name;
  const parent = words.reduce((command, word) => childOf(command, word), root);
  const command = createCommand(last, context)
    .summary(declaration.summary)
    .description(declaration.description)
    .addHelpText('after', examplesHelp(declaration));
  for (const argument of declaration.arguments) {
    command.argument(argument.required ? `<${argument.name}>` : `[${argument.name}]`, argument.summary);
  }
  for (const [key, option] of Object.entries(declaration.options)) {
    const value = valueText(option);
    command.addOption(new Option(`${longOption(key)}${value}`, optionSummary(option)));
  }
  command.action(async () => {
    const given = command.opts<Record<string, string | true>>();
    const values = parseOptions(declaration.name, declaration.options, given);
    onExit(await declaration.run(context, values, command.args));
  });
  parent.addCommand(command);
}

/** ` <N>` for a value that must be given, ` [N]` for one that may. */
function valueText({ placeholder, bare }: CommandDeclaration['options'][string]): string {
  if (placeholder === undefined) return '';
  return bare === undefined ? ` <${placeholder}>` : ` [${placeholder}]`;
}

/** The subcommand `word` of `command`; a group must be registered before its members. */
function childOf(command: Command, word: string): Command {
  const child = command.commands.find((candidate) => candidate.name() === word);
  if (child !== undefined) return child;
  throw new HayasaError({
    code: 'internal/command-order',
    message: `the command "${word}" must be registered before its subcommands`,
    exitCode: EXIT.internal,
  });
}

const optionSummary = ({
  summary,
  choices,
  defaultValue,
  required,
}: CommandDeclaration['options'][string]): string => {
  const allowed = choices.length === 0 ? '' : ` (${choices.join(', ')})`;
  const standard =
    typeof defaultValue === 'string' || typeof defaultValue === 'number' ? ` [default: ${defaultValue}]` : '';
  return `${summary}${allowed}${standard}${required === true ? ' [required]' : ''}`;
};

const examplesHelp = ({ examples }: CommandDeclaration): string =>
  examples.length === 0
    ? ''
    : `\nExamples:\n${examples.map(({ line, comment }) => `  # ${comment}\n  ${line}`).join('\n')}\n`;

const rootHelp = (): string => `
Examples:
  # what this machine is, how fast it can be, how quiet it is now
  hayasa doctor
  # measure two engines in 32, 8 and 4 bit, and read the answer
  hayasa run studies/quickstart.yaml
  # see what a study would do, without doing it
  hayasa plan studies/quickstart.yaml

Exit codes:
${EXIT_CODES.map(({ code, meaning }) => `  ${String(code).padStart(3)}  ${meaning}`).join('\n')}
`;

/** The command that the first words of `args` name. */
function namedCommand(root: Command, args: readonly string[]): Command {
  let command = root;
  for (const word of args) {
    const child = command.commands.find((candidate) => candidate.name() === word);
    if (child === undefined) return command;
    command = child;
  }
  return command;
}

/** commander's own words; as the hint its suggestion, else how the command is used. */
function usageError(error: CommanderError, command: Command): HayasaError {
  const [first = '', ...rest] = error.message.split('\n');
  const suggestion = rest
    .join(' ')
    .trim()
    .replace(/^\((.*)\)$/, '$1');
  const members = command.commands.map((member) => member.name()).join(', ');
  const parents = command.parent?.parent ? `${command.parent.name()} ` : '';
  const path = command.parent === null ? '' : `hayasa ${parents}`;
  const usage = `usage: ${path}${command.name()} ${command.usage()}${members === '' ? '' : `; commands: ${members}`}; --help says more`;
  return new HayasaError({
    code: 'cli/usage',
    message: first.replace(/^error: /, ''),
    hint: suggestion === '' ? usage : suggestion,
    exitCode: EXIT.badInput,
    cause: error,
  });
}

/** The program built from a list of commands: parsing is commander's; names, help and errors are the declarations'. */
import { Command, CommanderError, Option } from 'commander';
import { EXIT, type ExitCode, HayasaError } from '../kernel/errors.ts';
import { type Say, same, type Words } from '../kernel/language.ts';
import type { CommandContext, CommandDeclaration } from './command.ts';
import { EXIT_CODES } from './exit-codes.ts';
import {
  EXAMPLES_HEADING,
  EXIT_CODES_HEADING,
  HELP_SUMMARY,
  helpConfiguration,
  usageError,
  VERSION_SUMMARY,
} from './help-words.ts';
import { LANGUAGE_OPTION } from './language-option.ts';
import { longOption, parseOptions } from './parse-options.ts';

export interface Program {
  /**
   * Runs the command that `args` names (without `node` and the script).
   * @throws HayasaError `cli/usage` and whatever the command throws
   */
  run(args: readonly string[], context: CommandContext): Promise<ExitCode>;
}

const ABOUT: Words = {
  en: 'The laboratory for LLM inference speed: which engine, precision and batch size is fastest on this machine, by how much, and how sure that is.',
  ja: 'LLM 推論速度の実験室: このマシンで最速のエンジン・精度・バッチサイズ、どれだけ速いか、それはどのくらい確かか。',
};

export function buildProgram(commands: readonly CommandDeclaration[], version: string): Program {
  return {
    run: async (args, context) => {
      let exitCode: ExitCode = EXIT.ok;
      const { say } = context.terminal;
      const root = createCommand('hayasa', context)
        .description(say(ABOUT))
        .version(version, '--version', say(VERSION_SUMMARY))
        .addHelpText('after', rootHelp(say));
      root.addOption(languageOption(say));
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

/** For the help: `main` took it off the command line before. */
const languageOption = (say: Say): Option => new Option(LANGUAGE_OPTION.flags, say(LANGUAGE_OPTION.summary));

function createCommand(name: string, { terminal }: CommandContext): Command {
  return (
    new Command(name)
      .exitOverride()
      // Else a group would take the options of its members: both have --json.
      .enablePositionalOptions()
      .helpCommand(false)
      .helpOption('-h, --help', terminal.say(HELP_SUMMARY))
      .configureHelp(helpConfiguration(terminal))
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
  const { say } = context.terminal;
  const words = declaration.name.split(' ');
  const last = words.pop() ?? declaration.name;
  const parent = words.reduce((command, word) => childOf(command, word), root);
  const command = createCommand(last, context)
    .summary(say(declaration.summary))
    .description(say(declaration.description))
    .addHelpText('after', examplesHelp(declaration, say));
  for (const argument of declaration.arguments) {
    command.argument(argument.required ? `<${argument.name}>` : `[${argument.name}]`, say(argument.summary));
  }
  for (const [key, option] of Object.entries(declaration.options)) {
    const value = valueText(option);
    command.addOption(new Option(`${longOption(key)}${value}`, optionSummary(option, say)));
  }
  command.addOption(languageOption(say));
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
    message: same(`the command "${word}" must be registered before its subcommands`),
    exitCode: EXIT.internal,
  });
}

const optionSummary = (
  { summary, choices, defaultValue, required }: CommandDeclaration['options'][string],
  say: Say,
): string => {
  const allowed = choices.length === 0 ? '' : ` (${choices.join(', ')})`;
  const standard =
    typeof defaultValue === 'string' || typeof defaultValue === 'number'
      ? say({ en: ` [default: ${defaultValue}]`, ja: ` [既定: ${defaultValue}]` })
      : '';
  const needed = required === true ? say({ en: ' [required]', ja: ' [必須]' }) : '';
  return `${say(summary)}${allowed}${standard}${needed}`;
};

const examplesHelp = ({ examples }: Pick<CommandDeclaration, 'examples'>, say: Say): string =>
  examples.length === 0
    ? ''
    : `\n${say(EXAMPLES_HEADING)}\n${examples.map(({ line, comment }) => `  # ${say(comment)}\n  ${line}`).join('\n')}\n`;

const FIRST_EXAMPLES: CommandDeclaration['examples'] = [
  {
    line: 'hayasa doctor',
    comment: {
      en: 'what this machine is, how fast it can be, how quiet it is now',
      ja: 'このマシンが何か、どれだけ速くなれるか、今どれだけ静かか',
    },
  },
  {
    line: 'hayasa run studies/quickstart.yaml',
    comment: {
      en: 'measure two engines in 32, 8 and 4 bit, and read the answer',
      ja: '二つのエンジンを 32・8・4 ビットで測り、答えを読む',
    },
  },
  {
    line: 'hayasa plan studies/quickstart.yaml',
    comment: {
      en: 'see what a study would do, without doing it',
      ja: 'スタディが何をするかを、実行せずに見る',
    },
  },
];

const rootHelp = (say: Say): string => `${examplesHelp({ examples: FIRST_EXAMPLES }, say)}
${say(EXIT_CODES_HEADING)}
${EXIT_CODES.map(({ code, meaning }) => `  ${String(code).padStart(3)}  ${say(meaning)}`).join('\n')}
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

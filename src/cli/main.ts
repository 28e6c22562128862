/** Entry of the executable: runs a command; whatever is thrown ends as one message and a documented exit code. */
import { fileError } from '../host/file-errors.ts';
import { interruptSignal } from '../host/interrupt.ts';
import { realHost } from '../host/real-host.ts';
import type { ExitCode } from '../kernel/errors.ts';
import { sayIn } from '../kernel/language.ts';
import type { CommandContext } from './command.ts';
import { namedCommands } from './commands.ts';
import { chooseLanguage } from './language-option.ts';
import { buildProgram } from './program.ts';
import { errorReport, errorText } from './ui/error-text.ts';
import { processTerminal } from './ui/terminal.ts';
import { hayasaVersion } from './version.ts';

/** @param args without `node` and the script */
export async function main(args: readonly string[]): Promise<ExitCode> {
  const host = realHost();
  let terminal = processTerminal('en');
  let interrupt: AbortSignal | undefined;
  try {
    const chosen = chooseLanguage(args, host.system.environment);
    terminal = { ...terminal, language: chosen.language, say: sayIn(chosen.language) };
    const context: CommandContext = {
      host,
      terminal,
      interrupt: () => {
        interrupt ??= interruptSignal();
        return interrupt;
      },
    };
    const commands = await namedCommands(chosen.args);
    const exitCode = await buildProgram(commands, hayasaVersion(host.files)).run(chosen.args, context);
    const failure = await terminal.outputWritten();
    if (failure !== undefined) throw fileError(failure, 'standard output', 'write');
    return exitCode;
  } catch (error) {
    const json = args.includes('--json');
    const report = errorReport(error, json ? 'en' : terminal.language);
    terminal.writeError(
      json ? JSON.stringify({ error: report }, null, 2) : errorText(report, terminal.colors, terminal.say),
    );
    if (host.system.environment['HAYASA_DEBUG'] !== undefined && error instanceof Error) {
      terminal.writeError(error.stack ?? '');
    }
    return report.exitCode;
  }
}

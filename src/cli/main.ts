/** Entry of the executable: runs a command; whatever is thrown ends as one message and a documented exit code. */
import { fileError } from '../host/file-errors.ts';
import { interruptSignal } from '../host/interrupt.ts';
import { realHost } from '../host/real-host.ts';
import type { ExitCode } from '../kernel/errors.ts';
import type { CommandContext } from './command.ts';
import { COMMANDS } from './commands.ts';
import { buildProgram } from './program.ts';
import { errorReport, errorText } from './ui/error-text.ts';
import { processTerminal } from './ui/terminal.ts';
import { hayasaVersion } from './version.ts';

/** @param args without `node` and the script */
export async function main(args: readonly string[]): Promise<ExitCode> {
  const host = realHost();
  const terminal = processTerminal();
  let interrupt: AbortSignal | undefined;
  const context: CommandContext = {
    host,
    terminal,
    interrupt: () => {
      interrupt ??= interruptSignal();
      return interrupt;
    },
  };
  try {
    const exitCode = await buildProgram(COMMANDS, hayasaVersion(host.files)).run(args, context);
    const failure = await terminal.outputWritten();
    if (failure !== undefined) throw fileError(failure, 'standard output', 'write');
    return exitCode;
  } catch (error) {
    const report = errorReport(error);
    terminal.writeError(
      args.includes('--json')
        ? JSON.stringify({ error: report }, null, 2)
        : errorText(report, terminal.colors),
    );
    if (host.system.environment['HAYASA_DEBUG'] !== undefined && error instanceof Error) {
      terminal.writeError(error.stack ?? '');
    }
    return report.exitCode;
  }
}

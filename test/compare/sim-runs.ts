/** Runs of the simulated engine on a virtual clock and in memory, and commands over them. */

import type { CommandContext, CommandDeclaration } from '../../src/cli/command.ts';
import { parseOptions } from '../../src/cli/parse-options.ts';
import { type TestTerminal, testTerminal } from '../../src/cli/ui/test-terminal.ts';
import { simDeclaration } from '../../src/engines/sim/declaration.ts';
import { type TestHost, testHost } from '../../src/host/test-host.ts';
import type { Source } from '../../src/journal/record-parts.ts';
import type { ExitCode } from '../../src/kernel/errors.ts';
import type { Language } from '../../src/kernel/language.ts';
import { runStudy } from '../../src/run/run-study.ts';

/** Runs a study into `runs/<name>` of the host's current folder. */
export async function runStudyIn(
  host: TestHost,
  name: string,
  studyText: string,
  source?: Source,
): Promise<void> {
  await runStudy(
    host,
    {
      studyText,
      studyName: `${name}.yaml`,
      declarations: [simDeclaration],
      hayasaVersion: '0.1.0',
      ...(source === undefined ? {} : { source }),
      out: `runs/${name}`,
      budget_ms: undefined,
    },
    () => undefined,
    new AbortController().signal,
  );
}

/** A host that has run `studies` (study text by name). */
export async function hostWithRuns(studies: Readonly<Record<string, string>>): Promise<TestHost> {
  const host = testHost();
  for (const [name, studyText] of Object.entries(studies)) await runStudyIn(host, name, studyText);
  return host;
}

export interface CommandResult {
  readonly code: ExitCode;
  readonly out: string;
}

/** Runs a command in this process; options as typed, without dashes. @throws what the command throws */
export async function runCommand(
  command: CommandDeclaration,
  host: TestHost,
  positionals: readonly string[],
  given: Readonly<Record<string, string | true>> = {},
  language: Language = 'en',
): Promise<CommandResult> {
  const terminal: TestTerminal = testTerminal(100, language);
  const context: CommandContext = { host, terminal, interrupt: () => new AbortController().signal };
  const options = parseOptions(command.name, command.options, given);
  const code = await command.run(context, options, positionals);
  return { code, out: `${terminal.output.join('\n')}\n` };
}

/** What the help and the files to copy tell a reader to type is what the program takes. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { allCommands } from '../../src/cli/commands.ts';
import { buildProgram } from '../../src/cli/program.ts';
import { testTerminal } from '../../src/cli/ui/test-terminal.ts';
import { testHost } from '../../src/host/test-host.ts';

const COMMANDS = await allCommands();

/** The command that `words` call, its options parsed, nothing of it run. @throws what the program throws */
async function called(words: readonly string[]): Promise<string> {
  const calls: string[] = [];
  const commands = COMMANDS.map((command) => ({
    ...command,
    run: async () => {
      calls.push(command.name);
      return 0 as const;
    },
  }));
  const context = {
    host: testHost(),
    terminal: testTerminal(),
    interrupt: () => new AbortController().signal,
  };
  await buildProgram(commands, '0.0.0').run(words, context);
  return calls.join(' ');
}

/** The words of a shell's line up to where its output goes; quotes hold a word together. */
const wordsOf = (line: string): string[] =>
  (line.split(/\s(?:>|>>|\||\|\||&&)\s/)[0]?.match(/'[^']*'|"[^"]*"|\S+/g) ?? []).map((word) =>
    word.replaceAll(/^['"]|['"]$/g, ''),
  );

describe.each(COMMANDS.map((command) => [command.name, command] as const))(
  'the examples of hayasa %s',
  (_, { examples }) => {
    it.each(examples)('$line', async ({ line }) => {
      const [first, ...words] = wordsOf(line);
      expect(first).toBe('hayasa');
      expect(await called(words)).not.toBe('');
    });
  },
);

interface Workflow {
  readonly jobs: Readonly<Record<string, { readonly steps: readonly { readonly run?: string }[] }>>;
}

describe('examples/github-actions.yaml', () => {
  const text = readFileSync(new URL('../../examples/github-actions.yaml', import.meta.url), 'utf8');
  const { jobs } = parse(text) as Workflow;
  const lines = Object.values(jobs).flatMap(({ steps }) =>
    steps.flatMap(({ run }) =>
      (run ?? '')
        .replaceAll('\\\n', ' ')
        .split('\n')
        .filter((line) => line.includes('hayasa.js')),
    ),
  );

  it('measures, compares, and measures in turn', async () => {
    const commands = await Promise.all(
      lines.map((line) => {
        const words = wordsOf(line.trim());
        return called(words.slice(words.findIndex((word) => word.endsWith('hayasa.js')) + 1));
      }),
    );
    expect(commands).toEqual(['run', 'compare', 'ab']);
  });

  it('knows the exit codes: 11 is a warning, 10 and 12 fail', () => {
    expect(text).toContain("11) echo '::warning::");
    expect(text).toContain('*) exit "$code" ;;');
    expect(text).toContain('[ "$code" -eq 11 ] || exit "$code"');
  });
});

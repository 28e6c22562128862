/** What the help says is a document: golden files, and rules that hold for every command. */
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { allCommands, namedCommands } from '../../src/cli/commands.ts';
import { EXIT_CODES } from '../../src/cli/exit-codes.ts';
import { buildProgram } from '../../src/cli/program.ts';
import { testTerminal } from '../../src/cli/ui/test-terminal.ts';
import { testHost } from '../../src/host/test-host.ts';
import { EXIT } from '../../src/kernel/errors.ts';
import type { Language } from '../../src/kernel/language.ts';
import { hayasa } from './run-cli.ts';

const COMMANDS = await allCommands();

/** As on a terminal of 100 columns, or in a file (200). */
async function helpOf(name: string, language: Language): Promise<string> {
  const terminal = testTerminal(language === 'en' ? 200 : 100, language);
  const context = { host: testHost(), terminal, interrupt: () => new AbortController().signal };
  const args = [...name.split(' ').filter((word) => word !== ''), '--help'];
  expect(await buildProgram(COMMANDS, '0.0.0').run(args, context)).toBe(0);
  return terminal.output.join('');
}

describe('hayasa --help', () => {
  it('lists every command, examples and exit codes', () => {
    const { code, out, err } = hayasa(['--help']);
    expect([code, err]).toEqual([0, '']);
    for (const { name } of COMMANDS) if (!name.includes(' ')) expect(out).toContain(`  ${name} `);
    for (const { code: exitCode, meaning } of EXIT_CODES) expect(out).toContain(`${exitCode}  ${meaning.en}`);
  });

  it('speaks Japanese, within the columns of the terminal', async () => {
    const out = await helpOf('', 'ja');
    await expect(out).toMatchFileSnapshot('../golden/cli-ja/hayasa.txt');
    const [help = ''] = out.split('\n例:');
    for (const line of help.split('\n')) expect(stringWidth(line)).toBeLessThanOrEqual(100);
  });

  it('documents every exit code', () => {
    expect(EXIT_CODES.map(({ code }) => code)).toEqual(Object.values(EXIT));
  });

  it('reads only the command that is named, with its group, and all where none is', async () => {
    const named = async (line: string) => (await namedCommands(line.split(' '))).map(({ name }) => name);
    expect(await named('plan studies/quickstart.yaml')).toEqual(['plan']);
    expect(await named('models make tiny')).toEqual([
      'models',
      'models download',
      'models make',
      'models unpack',
    ]);
    const all = COMMANDS.map(({ name }) => name);
    for (const line of ['', '--help', '--json plan', 'plann']) expect(await named(line)).toEqual(all);
  });

  it('is what a bare call prints, as bad input', () => {
    expect(hayasa([])).toMatchObject({ code: 2, out: hayasa(['--help']).out });
  });
});

describe.each(COMMANDS.map((command) => [command.name, command] as const))(
  'hayasa %s --help',
  (name, command) => {
    it('teaches', async () => {
      const out = await helpOf(name, 'en');
      await expect(out).toMatchFileSnapshot(`../golden/cli/${name.replaceAll(' ', '-')}.txt`);
    });

    it('teaches in Japanese', async () => {
      const out = await helpOf(name, 'ja');
      await expect(out).toMatchFileSnapshot(`../golden/cli-ja/${name.replaceAll(' ', '-')}.txt`);
    });

    it('has examples, and can speak JSON', () => {
      expect(command.examples.length).toBeGreaterThan(0);
      for (const { line } of command.examples) expect(line).toMatch(/^hayasa /);
      expect(Object.keys(command.options)).toContain('json');
    });
  },
);

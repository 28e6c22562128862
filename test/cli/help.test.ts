/** What the help says is a document: golden files, and rules that hold for every command. */
import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/cli/commands.ts';
import { EXIT_CODES } from '../../src/cli/exit-codes.ts';
import { EXIT } from '../../src/kernel/errors.ts';
import { hayasa } from './run-cli.ts';

describe('hayasa --help', () => {
  it('lists every command, examples and exit codes', () => {
    const { code, out, err } = hayasa(['--help']);
    expect([code, err]).toEqual([0, '']);
    for (const { name } of COMMANDS) if (!name.includes(' ')) expect(out).toContain(`  ${name} `);
    for (const { code: exitCode, meaning } of EXIT_CODES) expect(out).toContain(`${exitCode}  ${meaning}`);
  });

  it('documents every exit code', () => {
    expect(EXIT_CODES.map(({ code }) => code)).toEqual(Object.values(EXIT));
  });

  it('is what a bare call prints, as bad input', () => {
    expect(hayasa([])).toMatchObject({ code: 2, out: hayasa(['--help']).out });
  });
});

describe.each(COMMANDS.map((command) => [command.name, command] as const))(
  'hayasa %s --help',
  (name, command) => {
    it('teaches', async () => {
      const { code, out } = hayasa([...name.split(' '), '--help']);
      expect(code).toBe(0);
      await expect(out).toMatchFileSnapshot(`../golden/cli/${name.replaceAll(' ', '-')}.txt`);
    });

    it('has examples, and can speak JSON', () => {
      expect(command.examples.length).toBeGreaterThan(0);
      for (const { line } of command.examples) expect(line).toMatch(/^hayasa /);
      expect(Object.keys(command.options)).toContain('json');
    });
  },
);

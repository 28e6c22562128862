/**
 * A command as a declaration: name, help and options are plain data, declared once; the program, the help and the
 * generated docs read it. `run` gets values that are already parsed and typed.
 */
import type { Host } from '../host/host.ts';
import type { ExitCode } from '../kernel/errors.ts';
import type { Words } from '../kernel/language.ts';
import type { OptionDeclaration } from './options.ts';
import type { Terminal } from './ui/terminal.ts';

export interface CommandContext {
  readonly host: Host;
  readonly terminal: Terminal;
  /** Takes over Ctrl-C: aborted at the first one; a second one ends the process. Without a call Ctrl-C ends it at once. */
  interrupt(): AbortSignal;
}

export interface ArgumentDeclaration {
  /** As shown in the help, upper case: `STUDY`. */
  readonly name: string;
  readonly summary: Words;
  readonly required: boolean;
}

export type OptionDeclarations = Readonly<Record<string, OptionDeclaration<unknown>>>;

/** The parsed value of each option, by its key. */
export type OptionValues<Options extends OptionDeclarations> = {
  readonly [Key in keyof Options]: Options[Key] extends OptionDeclaration<infer T> ? T : never;
};

export interface CommandDeclaration {
  /** Words of the command: `run`, `models make`. */
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: Words;
  /** What it does and what it prints, in a few lines. */
  readonly description: Words;
  readonly arguments: readonly ArgumentDeclaration[];
  /** Keys are camelCase: `outputTokens` is `--output-tokens`. Every command has `json`. */
  readonly options: OptionDeclarations;
  /** Complete command lines with a comment each. */
  readonly examples: readonly { readonly line: string; readonly comment: Words }[];
  /** `positionals` in the order of `arguments`. */
  run(
    context: CommandContext,
    options: Readonly<Record<string, unknown>>,
    positionals: readonly string[],
  ): Promise<ExitCode>;
}

/** A declaration whose `run` knows the types of its options. */
export function defineCommand<const Options extends OptionDeclarations>(
  declaration: Omit<CommandDeclaration, 'options' | 'run'> & {
    readonly options: Options;
    run(
      context: CommandContext,
      options: OptionValues<Options>,
      positionals: readonly string[],
    ): Promise<ExitCode>;
  },
): CommandDeclaration {
  return {
    ...declaration,
    run: (context, options, positionals) =>
      declaration.run(context, options as OptionValues<Options>, positionals),
  };
}

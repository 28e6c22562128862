/** The registry of commands: one line each, in the order of the help; a group before its members. */
import type { CommandDeclaration } from './command.ts';

export const COMMANDS: readonly CommandDeclaration[] = [];

/** The registry of commands: one line each, in the order of the help; a group before its members. */
import type { CommandDeclaration } from './command.ts';
import { doctorCommand } from './commands/doctor.ts';
import { enginesCommand } from './commands/engines.ts';
import { generateCommand } from './commands/generate.ts';
import { modelsCommand } from './commands/models.ts';
import { modelsMakeCommand } from './commands/models-make.ts';

export const COMMANDS: readonly CommandDeclaration[] = [
  generateCommand,
  enginesCommand,
  modelsCommand,
  modelsMakeCommand,
  doctorCommand,
];

/** The registry of commands: one line each, in the order of the help; a group before its members. */
import type { CommandDeclaration } from './command.ts';
import { abCommand } from './commands/ab.ts';
import { claimsCommand } from './commands/claims.ts';
import { compareCommand } from './commands/compare.ts';
import { doctorCommand } from './commands/doctor.ts';
import { enginesCommand } from './commands/engines.ts';
import { enginesInstallCommand } from './commands/engines-install.ts';
import { enginesListCommand } from './commands/engines-list.ts';
import { enginesUninstallCommand } from './commands/engines-uninstall.ts';
import { enginesVerifyCommand } from './commands/engines-verify.ts';
import { explainCommand } from './commands/explain.ts';
import { generateCommand } from './commands/generate.ts';
import { importCommand } from './commands/import.ts';
import { modelsCommand } from './commands/models.ts';
import { modelsDownloadCommand } from './commands/models-download.ts';
import { modelsMakeCommand } from './commands/models-make.ts';
import { modelsUnpackCommand } from './commands/models-unpack.ts';
import { planCommand } from './commands/plan.ts';
import { qualityCommand } from './commands/quality.ts';
import { recordCommand } from './commands/record.ts';
import { reportCommand } from './commands/report.ts';
import { runCommand } from './commands/run.ts';
import { textCommand } from './commands/text.ts';
import { textCleanCommand } from './commands/text-clean.ts';
import { tokensCommand } from './commands/tokens.ts';
import { whyCommand } from './commands/why.ts';

export const COMMANDS: readonly CommandDeclaration[] = [
  runCommand,
  planCommand,
  reportCommand,
  claimsCommand,
  recordCommand,
  importCommand,
  compareCommand,
  abCommand,
  explainCommand,
  whyCommand,
  generateCommand,
  qualityCommand,
  enginesCommand,
  enginesInstallCommand,
  enginesListCommand,
  enginesVerifyCommand,
  enginesUninstallCommand,
  modelsCommand,
  modelsDownloadCommand,
  modelsMakeCommand,
  modelsUnpackCommand,
  textCommand,
  textCleanCommand,
  tokensCommand,
  doctorCommand,
];

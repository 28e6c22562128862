/**
 * The registry of commands: one line each, in the order of the help; a group before its members. A command is read when it
 * is named: all of them together would double the time that each takes to start.
 */
import type { CommandDeclaration } from './command.ts';

/** By the words of the command. */
const COMMANDS: Readonly<Record<string, () => Promise<CommandDeclaration>>> = {
  run: async () => (await import('./commands/run.ts')).runCommand,
  plan: async () => (await import('./commands/plan.ts')).planCommand,
  report: async () => (await import('./commands/report.ts')).reportCommand,
  claims: async () => (await import('./commands/claims.ts')).claimsCommand,
  record: async () => (await import('./commands/record.ts')).recordCommand,
  import: async () => (await import('./commands/import.ts')).importCommand,
  compare: async () => (await import('./commands/compare.ts')).compareCommand,
  ab: async () => (await import('./commands/ab.ts')).abCommand,
  explain: async () => (await import('./commands/explain.ts')).explainCommand,
  why: async () => (await import('./commands/why.ts')).whyCommand,
  generate: async () => (await import('./commands/generate.ts')).generateCommand,
  quality: async () => (await import('./commands/quality.ts')).qualityCommand,
  engines: async () => (await import('./commands/engines.ts')).enginesCommand,
  'engines install': async () => (await import('./commands/engines-install.ts')).enginesInstallCommand,
  'engines list': async () => (await import('./commands/engines-list.ts')).enginesListCommand,
  'engines verify': async () => (await import('./commands/engines-verify.ts')).enginesVerifyCommand,
  'engines uninstall': async () => (await import('./commands/engines-uninstall.ts')).enginesUninstallCommand,
  models: async () => (await import('./commands/models.ts')).modelsCommand,
  'models download': async () => (await import('./commands/models-download.ts')).modelsDownloadCommand,
  'models make': async () => (await import('./commands/models-make.ts')).modelsMakeCommand,
  'models unpack': async () => (await import('./commands/models-unpack.ts')).modelsUnpackCommand,
  text: async () => (await import('./commands/text.ts')).textCommand,
  'text clean': async () => (await import('./commands/text-clean.ts')).textCleanCommand,
  tokens: async () => (await import('./commands/tokens.ts')).tokensCommand,
  doctor: async () => (await import('./commands/doctor.ts')).doctorCommand,
};

/** Every command, for help and documents. */
export const allCommands = (): Promise<readonly CommandDeclaration[]> =>
  Promise.all(Object.values(COMMANDS).map((read) => read()));

/**
 * The command that `args` name, with its group and all of that group's members: what running it or its help needs. All
 * commands where `args` name none.
 */
export function namedCommands([word]: readonly string[]): Promise<readonly CommandDeclaration[]> {
  const named = Object.entries(COMMANDS).filter(([name]) => name.split(' ')[0] === word);
  return named.length === 0 ? allCommands() : Promise.all(named.map(([, read]) => read()));
}

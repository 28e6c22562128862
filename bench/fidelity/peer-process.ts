/** One run of a peer's program: a process of its own with a deadline, whose result file is read when it has ended. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { engineDeclaration } from '../../src/engines/declarations.ts';
import { loadAdapter } from '../../src/engines/load-adapter.ts';
import { PYTHON_FOLDER } from '../../src/environments/folders.ts';
import type { Host } from '../../src/host/host.ts';
import type { ProcessSpec } from '../../src/host/processes.ts';
import { runProcess } from '../../src/host/run-process.ts';
import { contentHash } from '../../src/kernel/canonical.ts';
import type { WorkerCommand } from '../../src/process/command.ts';
import { threadEnvironment } from '../../src/run/launch-request.ts';
import { type EngineName, promptsOf } from '../bare-loops/loaded-engine.ts';
import type { Work } from '../baselines/job.ts';
import type { Peer, PythonProgram } from './engines.ts';
import type { Times } from './times.ts';

const DEADLINE_MS = 600_000;

export interface Counts {
  /** Generations that are not kept, and those that are. */
  readonly warmups: number;
  readonly repeats: number;
}

/** Times of every repeat. @throws with the last words of the program where it fails or takes too long */
export async function runPeer(
  host: Host,
  engine: EngineName,
  { program, read }: Peer,
  work: Work,
  vocabularySize: number,
  counts: Counts,
): Promise<Times[]> {
  switch (program.kind) {
    case 'node':
      return read(await runNode(host, program.file, work, counts));
    case 'python':
      return read(await runPython(host, engine, program, work, vocabularySize, counts));
  }
}

async function runNode(host: Host, file: string, work: Work, { warmups, repeats }: Counts): Promise<string> {
  const { stdout } = await run({
    command: process.execPath,
    args: [
      fileURLToPath(new URL(`../${file}`, import.meta.url)),
      JSON.stringify(work),
      String(warmups),
      String(repeats),
    ],
    environment: host.system.environment,
  });
  return stdout;
}

/** The result of a Python program in the engine's environment. @throws as `runPeer` */
export async function runPython(
  host: Host,
  engine: EngineName,
  { module, args, packages }: PythonProgram,
  work: Work,
  vocabularySize: number,
  counts: Counts,
): Promise<string> {
  const { command, environment } = await interpreter(host, engine);
  const folder = join(host.system.cacheFolder, 'bench', 'fidelity');
  host.files.makeFolder(folder);
  const outputPath = join(folder, `${module}.json`);
  host.files.remove(outputPath);
  const paths = [PYTHON_FOLDER, ...(await installed(host, command, packages))];
  const job = {
    kind: 'job',
    modelPath: work.modelPath,
    prompts: promptsOf(work, vocabularySize),
    output: work.output,
    threads: work.threads,
    ...counts,
    cacheFolder: host.system.cacheFolder,
    outputPath,
  };
  await run({
    command,
    args: ['-m', `peers.${module}`, JSON.stringify(job), ...args],
    environment: {
      ...host.system.environment,
      ...environment,
      ...threadEnvironment(work.threads),
      PYTHONPATH: paths.join(':'),
    },
    folder,
  });
  return host.files.readText(outputPath);
}

/** How the engine's own worker is started, for the interpreter and its environment. */
async function interpreter(host: Host, { id, version }: EngineName): Promise<WorkerCommand> {
  const declaration = engineDeclaration(id);
  if (declaration === undefined) throw new RangeError(`unknown engine ${id}`);
  const { workerCommand } = await loadAdapter(declaration);
  if (workerCommand === undefined) throw new RangeError(`${id} has no interpreter`);
  return workerCommand(host, version);
}

/** Packages beside the environment, which stays as it is locked; once for each list. @returns the folder, if any */
async function installed(host: Host, command: string, packages: readonly string[]): Promise<string[]> {
  if (packages.length === 0) return [];
  const target = join(host.system.cacheFolder, 'bench', `packages-${contentHash(packages.join(' '))}`);
  if (host.files.kind(target) === 'folder') return [target];
  const partial = `${target}.partial`;
  host.files.remove(partial);
  await run({
    command,
    args: ['-m', 'pip', 'install', '--quiet', '--no-deps', '--target', partial, ...packages],
    environment: host.system.environment,
  });
  host.files.rename(partial, target);
  return [target];
}

async function run(spec: ProcessSpec): Promise<{ readonly stdout: string }> {
  const result = await runProcess(spec, { signal: AbortSignal.timeout(DEADLINE_MS) });
  if (result.aborted) throw new Error(`took more than ${DEADLINE_MS / 1000} s`);
  if (result.exit.kind === 'exited' && result.exit.code === 0) return result;
  const lines = result.stderr.trim().split('\n');
  throw new Error(`${JSON.stringify(result.exit)}: ${lines.slice(-3).join(' | ')}`);
}

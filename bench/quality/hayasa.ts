/** Hayasa's own command line as a process, as a user would call it. */
import { fileURLToPath } from 'node:url';
import type { Host } from '../../src/host/host.ts';
import { runProcess } from '../../src/host/run-process.ts';

/** The repository, from compiled code. */
export const repository = (path: string): string =>
  fileURLToPath(new URL(`../../../${path}`, import.meta.url));

/** What it wrote to standard output. @throws with its last words where it ends with another exit code than 0 */
export async function hayasa({ system }: Host, ...args: string[]): Promise<string> {
  const { exit, stdout, stderr } = await runProcess({
    command: process.execPath,
    args: [repository('bin/hayasa.js'), ...args],
    environment: system.environment,
  });
  if (exit.kind === 'exited' && exit.code === 0) return stdout;
  throw new Error(`hayasa ${args.join(' ')}: ${stderr}`);
}

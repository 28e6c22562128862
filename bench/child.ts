/** Programs of this folder as processes of their own: so that neither memory nor threads are shared with what measures. */
import { fileURLToPath } from 'node:url';
import type { Host } from '../src/host/host.ts';
import { type SpawnedProcess, spawnProcess } from '../src/host/processes.ts';

/** Starts a compiled program of this folder, e.g. `baseline-child.js`. */
export const startProgram = (host: Host, program: string, ...args: string[]): SpawnedProcess =>
  spawnProcess({
    command: process.execPath,
    args: [fileURLToPath(new URL(program, import.meta.url)), ...args],
    environment: host.system.environment,
  });

/** Runs a program to its end. @returns what it wrote to standard output, as JSON. @throws with its last words */
export async function runProgram(host: Host, program: string, ...args: string[]): Promise<unknown> {
  const child = startProgram(host, program, ...args);
  const decoder = new TextDecoder();
  let output = '';
  let errors = '';
  child.onStdout((chunk) => {
    output += decoder.decode(chunk, { stream: true });
  });
  child.onStderr((chunk) => {
    errors = (errors + new TextDecoder().decode(chunk)).slice(-2000);
  });
  await child.drained;
  const exit = await child.exit;
  if (exit.kind !== 'exited' || exit.code !== 0) throw new Error(`${program} failed: ${errors}`);
  return JSON.parse(output);
}

/** Runs bin/hayasa.js as users do. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const BIN: string = fileURLToPath(new URL('../../bin/hayasa.js', import.meta.url));

export interface CliResult {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Locale and terminal must not change what is printed. */
export function hayasa(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  folder?: string,
): CliResult {
  const result = spawnSync(process.execPath, [BIN, ...args], {
    encoding: 'utf8',
    ...(folder === undefined ? {} : { cwd: folder }),
    env: { ...process.env, NO_COLOR: '1', ...environment },
    maxBuffer: 64 * 1024 * 1024,
  });
  return { code: result.status, out: result.stdout, err: result.stderr };
}

/** Small programs that import the compiled Hayasa, run in a process of their own (other user, limits, to be killed). */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';

const BUILD = new URL('../../dist/src/', import.meta.url).href;

/** `imports`: names by compiled module, `{ realHost: 'host/real-host.js' }`; `body` is the code of an ES module. */
export function childProgram(imports: Readonly<Record<string, string>>, body: string): string {
  const lines = Object.entries(imports).map(
    ([name, path]) => `import { ${name} } from ${JSON.stringify(new URL(path, BUILD).href)};`,
  );
  return [...lines, body].join('\n');
}

const NODE_ARGS = ['--input-type=module', '-e'];

/** Runs to the end; `shellLimit` is a `ulimit` that applies to it; `uid` runs it as another user. */
export function runChild(
  program: string,
  { ulimit, uid, folder }: { ulimit?: string; uid?: number; folder?: string } = {},
): { readonly stdout: string; readonly stderr: string; readonly code: number | null } {
  const command = ulimit === undefined ? process.execPath : '/bin/sh';
  const args =
    ulimit === undefined
      ? [...NODE_ARGS, program]
      : ['-c', `ulimit ${ulimit} && exec "$0" "$@"`, process.execPath, ...NODE_ARGS, program];
  const result = spawnSync(command, args, {
    encoding: 'utf8',
    ...(folder === undefined ? {} : { cwd: folder }),
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  return { stdout: result.stdout, stderr: result.stderr, code: result.status };
}

/** Starts and resolves with the first line that it prints; the caller ends it. */
export function startChild(
  program: string,
): Promise<{ readonly child: ChildProcess; readonly line: string }> {
  const child = spawn(process.execPath, [...NODE_ARGS, program], { stdio: ['ignore', 'pipe', 'inherit'] });
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8');
      const newline = text.indexOf('\n');
      if (newline !== -1) resolve({ child, line: text.slice(0, newline) });
    });
    child.once('exit', (code) => reject(new Error(`ended with ${code} before it printed a line`)));
  });
}

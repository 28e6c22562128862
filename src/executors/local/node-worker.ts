/** How the worker of an npm engine is started: this Node, the compiled entry, the engine's id, and its build where one was asked for. */
import { fileURLToPath } from 'node:url';
import type { Host } from '../../host/host.ts';
import type { WorkerCommand } from '../../process/command.ts';
import type { Outcome } from '../executor.ts';

/** Compiled code finds the entry beside itself; sources (under test) find it in the build. */
const ENTRY: string = fileURLToPath(
  new URL(
    import.meta.url.endsWith('.ts') ? '../../../dist/src/worker/main.js' : '../../worker/main.js',
    import.meta.url,
  ),
);

export function nodeWorkerCommand(
  host: Host,
  engine: string,
  version: string | undefined,
): Outcome<WorkerCommand> {
  if (host.files.kind(ENTRY) !== 'file') {
    return {
      kind: 'failed',
      failure: {
        cause: 'engine-error',
        message: { en: `${ENTRY}: the worker is not built`, ja: `${ENTRY}: ワーカーがビルドされていません` },
        hint: { en: 'run: npm run build', ja: '実行してください: npm run build' },
      },
    };
  }
  const args = [ENTRY, engine, ...(version === undefined ? [] : [version])];
  return { kind: 'ok', value: { command: process.execPath, args, environment: {} } };
}

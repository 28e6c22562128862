/**
 * `npm run docs` writes the generated files of the repository; with `--check` it names the stale ones and fails instead.
 * A tool for developers of Hayasa, not a command of it.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generatedFiles } from '../docs/documents.ts';
import { realHost } from '../host/real-host.ts';
import { EXIT } from '../kernel/errors.ts';
import { allCommands } from './commands.ts';

/** From `dist/src/cli/` to the root of the repository. */
const root = fileURLToPath(new URL('../../../', import.meta.url));

async function main(check: boolean): Promise<number> {
  const { files } = realHost();
  const generated = generatedFiles(
    files.readText(join(root, 'studies/quickstart.yaml')),
    await allCommands(),
  );
  const stale = generated.filter(({ path, text }) => files.tryReadText(join(root, path)) !== text);
  for (const { path, text } of stale) {
    if (check) process.stderr.write(`${path} is stale: run npm run docs\n`);
    else {
      files.writeText(join(root, path), text);
      process.stdout.write(`${path}\n`);
    }
  }
  return check && stale.length > 0 ? EXIT.badInput : EXIT.ok;
}

process.exitCode = await main(process.argv.includes('--check'));

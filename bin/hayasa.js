#!/usr/bin/env node
// Runs the compiled program, or says how to compile it. Plain JavaScript that old versions of Node can read too.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const minimum = [20, 19];
const entry = new URL('../dist/src/cli/main.js', import.meta.url);

function refuse(message, hint) {
  process.stderr.write(`error: ${message}\nhint: ${hint}\n`);
  process.exit(2);
}

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < minimum[0] || (major === minimum[0] && minor < minimum[1])) {
  refuse(`Node ${process.versions.node} is too old`, `install Node ${minimum.join('.')} or newer`);
} else if (!existsSync(fileURLToPath(entry))) {
  refuse('Hayasa is not compiled yet', 'run: npm ci && npm run build');
} else {
  const { main } = await import(entry.href);
  // Not process.exit(): that would cut off output that is still on its way into a pipe.
  process.exitCode = await main(process.argv.slice(2));
}

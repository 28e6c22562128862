/** The version in package.json, from sources and from the build. */
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Files } from '../host/host.ts';

const packageSchema = z.object({ version: z.string() });

export function hayasaVersion(files: Files): string {
  // Sources lie two folders below the package, compiled code three.
  const above = import.meta.url.endsWith('.ts') ? '../../package.json' : '../../../package.json';
  const path = fileURLToPath(new URL(above, import.meta.url));
  return packageSchema.parse(JSON.parse(files.readText(path))).version;
}

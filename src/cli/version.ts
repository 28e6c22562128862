/** The version in package.json, from sources and from the build. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Files } from '../host/host.ts';

const packageSchema = z.object({ version: z.string() });

/** Sources lie two folders below the package, compiled code three. */
export const packageFolder = (): string =>
  fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? '../../' : '../../../', import.meta.url));

export function hayasaVersion(files: Files): string {
  return packageSchema.parse(JSON.parse(files.readText(join(packageFolder(), 'package.json')))).version;
}

/** What an environment says of itself: one file inside it, written when it is whole. */
import { join } from 'node:path';
import { z } from 'zod';
import type { Files, Host } from '../host/host.ts';
import { environmentsFolder } from './folders.ts';
import { ACCELERATORS } from './lock.ts';
import { type EnvironmentName, environmentLabel } from './name.ts';

const recordSchema = z.strictObject({
  engine: z.string(),
  versionSet: z.string(),
  accelerator: z.enum(ACCELERATORS),
  /** See `Lock.hash`. */
  lockHash: z.string(),
  /** `3.11.7` */
  python: z.string(),
  installer: z.string(),
  /** Of all its files. */
  bytes: z.number().int().nonnegative(),
});
export type EnvironmentRecord = z.infer<typeof recordSchema>;

/** An environment that is there and whole. */
export interface InstalledEnvironment {
  readonly folder: string;
  readonly record: EnvironmentRecord;
  readonly conformance: Conformance | undefined;
}

const conformanceSchema = z.strictObject({
  passed: z.number().int().nonnegative(),
  skipped: z.number().int().nonnegative(),
  /** `case: problem`, empty where it conforms. */
  problems: z.array(z.string()),
});
/** How the conformance suite went, the last time that it ran here. */
export type Conformance = z.infer<typeof conformanceSchema>;

const RECORD = 'hayasa-environment.json';
const CONFORMANCE = 'hayasa-conformance.json';

export const environmentFolder = (system: Host['system'], name: EnvironmentName): string =>
  join(environmentsFolder(system), environmentLabel(name));

export function writeRecord(
  files: Pick<Files, 'writeText'>,
  folder: string,
  record: EnvironmentRecord,
): void {
  files.writeText(join(folder, RECORD), `${JSON.stringify(record, null, 2)}\n`);
}

export function writeConformance(files: Pick<Files, 'writeText'>, folder: string, result: Conformance): void {
  files.writeText(join(folder, CONFORMANCE), `${JSON.stringify(result, null, 2)}\n`);
}

/** The environment in `folder`, or undefined where there is none that is whole. */
export function readEnvironment(
  files: Pick<Files, 'tryReadText'>,
  folder: string,
): InstalledEnvironment | undefined {
  const record = recordSchema.safeParse(parse(files.tryReadText(join(folder, RECORD))));
  if (!record.success) return undefined;
  const conformance = conformanceSchema.safeParse(parse(files.tryReadText(join(folder, CONFORMANCE))));
  return { folder, record: record.data, conformance: conformance.success ? conformance.data : undefined };
}

/** Every environment that is whole, by name. */
export function listEnvironments({
  files,
  system,
}: Pick<Host, 'files' | 'system'>): readonly InstalledEnvironment[] {
  const folder = environmentsFolder(system);
  if (files.kind(folder) !== 'folder') return [];
  return files
    .list(folder)
    .filter((name) => !name.startsWith('.'))
    .flatMap((name) => readEnvironment(files, join(folder, name)) ?? []);
}

function parse(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : (JSON.parse(text) as unknown);
  } catch {
    return undefined;
  }
}

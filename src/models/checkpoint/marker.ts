/**
 * `hayasa.json` beside a checkpoint says that the weights are synthetic and how they were made. It is written first and
 * config.json last, so that no unfinished folder opens, least of all as a published checkpoint (one without this file).
 */
import { basename } from 'node:path';
import { z } from 'zod';
import type { Files } from '../../host/host.ts';
import { ProblemsError } from '../../kernel/errors.ts';
import { problemsOf } from '../architectures/config-problems.ts';
import type { Origin } from './checkpoint.ts';
import { readJsonFile } from './json-file.ts';

export const MARKER_FILE = 'hayasa.json';

const markerSchema = z.strictObject({
  kind: z.literal('synthetic'),
  /** Name of the shape. */
  preset: z.string().min(1),
  seed: z.number().int(),
  dtype: z.enum(['F32', 'F16', 'BF16']),
  /** Version of the generator: the same version, seed and shape give the same bytes. */
  generator: z.number().int().positive(),
  /** For a reader who opens the file. */
  note: z.string(),
});
export type Marker = z.infer<typeof markerSchema>;

/** Where the weights in `folder` (absolute) come from. @throws ProblemsError where the marker is damaged */
export function readOrigin(files: Files, folder: string): Origin {
  const path = `${folder}/${MARKER_FILE}`;
  if (files.kind(path) === undefined) return publishedOrigin(folder);
  const parsed = markerSchema.safeParse(readJsonFile(files, path), { reportInput: true });
  if (!parsed.success) throw new ProblemsError(path, problemsOf(parsed.error));
  const { preset, seed, generator } = parsed.data;
  return { kind: 'synthetic', preset, seed, generator };
}

/** Text of a marker file. */
export function markerText(marker: Omit<Marker, 'kind' | 'note'>): string {
  const note = 'random weights in the exact shape of the model: good for speed, useless for text';
  return `${JSON.stringify({ kind: 'synthetic', ...marker, note } satisfies Marker, undefined, 2)}\n`;
}

/** `owner/name` and commit of a snapshot in the hub's cache (`models--owner--name/snapshots/...`), else the folder's name. */
function publishedOrigin(folder: string): Origin {
  const cached = /\/models--([^/]+?)--([^/]+)\/snapshots\/([^/]+)$/.exec(folder);
  if (cached === null) return { kind: 'published', name: basename(folder) };
  const [, owner, name, revision = ''] = cached;
  return {
    kind: 'published',
    name: `${owner}/${name}`,
    ...(/^[0-9a-f]{40}$/.test(revision) ? { revision } : {}),
  };
}

/** Where environments and the repository's Python folder lie. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SystemFacts } from '../host/host.ts';

/** Compiled code is one folder deeper than sources are. */
export const PYTHON_FOLDER: string = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../../python' : '../../../python', import.meta.url),
);

/** One environment is one folder in here. */
export const environmentsFolder = ({ dataFolder }: Pick<SystemFacts, 'dataFolder'>): string =>
  join(dataFolder, 'environments');

/** The interpreter of an environment. Only this is used: scripts beside it name the folder that they were made in. */
export const interpreterOf = (folder: string): string => join(folder, 'bin', 'python');

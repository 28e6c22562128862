/** bench/results/README.md: prose by its authors, tables from the result files. */
import type { Host } from '../src/host/host.ts';
import { RESULTS_FOLDER } from './result.ts';
import { type Result, withTables } from './results-table.ts';

/** Renews the tables of README.md from every result file beside it. */
export function renewReadme({ files }: Host): void {
  const path = `${RESULTS_FOLDER}/README.md`;
  const results = files
    .list(RESULTS_FOLDER)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file): [string, Result] => [
      file,
      JSON.parse(files.readText(`${RESULTS_FOLDER}/${file}`)) as Result,
    ]);
  files.writeText(path, withTables(files.tryReadText(path) ?? '# Results\n', results));
}

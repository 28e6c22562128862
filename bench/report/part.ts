/**
 * Part `report`: the full report of a run with a million samples. A sample is what one repeat leaves: its raw stamps, one
 * line of the journal. The journal is written once by a study of the simulated engine, with everything that a run does.
 */
import { join } from 'node:path';
import type { Host } from '../../src/host/host.ts';
import { runProgram } from '../child.ts';

/** 200 cells x 5 rounds x 1,000 repeats; batches of 1 and 4, 16 new tokens of each sequence. */
const [CELLS, ROUNDS, REPEATS, TOKENS] = [200, 5, 1000, 16];

export async function benchReport(host: Host, say: (line: string) => void): Promise<object> {
  const folder = join(host.system.cacheFolder, 'bench', 'report');
  try {
    const made = await runProgram(
      host,
      'report-journal.js',
      folder,
      ...[CELLS, ROUNDS, REPEATS, TOKENS].map(String),
    );
    say(`journal: ${JSON.stringify(made)}`);
    const journalBytes = host.files.size(join(folder, 'journal.ndjson'));
    const report = await runProgram(host, 'report-time.js', folder);
    say(`report: ${JSON.stringify(report)}`);
    return { samples: CELLS * ROUNDS * REPEATS, cells: CELLS, newTokens: TOKENS, journalBytes, report };
  } finally {
    host.files.remove(folder);
  }
}

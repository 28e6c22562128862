/** docs/importing.md: every format of other benchmarks that can be read. */
import type { Importer } from '../importers/imported.ts';
import { document, fence, generatedNote, heading, inlineCode, list, table } from './markdown.ts';

export function importingDocument(importers: readonly Importer[]): string {
  return document([
    generatedNote('src/importers/'),
    heading(1, 'Importing what others measured'),
    '`hayasa import FILE...` reads result files of other benchmarks, each value under its own name, with our nearest metric and how its definition differs ([dialects.md](dialects.md)).',
    fence(
      'hayasa import result.json\nhayasa import run1.jsonl run2.jsonl run3.jsonl --json\nhayasa report runs/quickstart-0123abcd --with run1.jsonl,run2.jsonl',
      'sh',
    ),
    list([
      'What a file does not state stays missing, with the reason. A 0 that a peer writes where it has no value is missing too.',
      'A single run has no interval, however many requests or repetitions it made: what differs between processes is not in it. Files of one configuration are runs of it, and get an interval over the runs (t, n - 1 degrees of freedom). The same content twice is refused.',
      'Where a file has the samples of its requests, our own metrics are computed from them, percentiles only with enough samples. A statistic that contradicts the samples is named.',
      'A file that is broken, or of no known format, ends with every problem at once and exit code 2; nothing is taken from the other files of the command.',
    ]),
    'In a report the rows stand in the same table, marked as imported. A column has a value of theirs only where the definition is ours; every other value is listed below the table with what differs. Nothing that the measured rows share is claimed of them.',
    table(
      ['format', 'benchmark', 'files', 'read from'],
      importers.map(({ id, peer, summary, source }) => [inlineCode(id), peer, summary, source]),
    ),
  ]);
}

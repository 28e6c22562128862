/**
 * The report's data as JSON, with the version of its schema. Numbers are in stored units (SI without prefixes); each
 * metric's unit stands in `table.metrics`.
 */
import { englishOnly } from '../../kernel/language.ts';
import type { FileFormat } from './format.ts';

export const json: FileFormat = {
  kind: 'files',
  id: 'json',
  summary: 'everything, for programs (version in `schema`)',
  render: async (report) => [
    {
      name: 'report.json',
      text: `${JSON.stringify({ schema: `hayasa-report/${report.version}`, ...report }, englishOnly, 2)}\n`,
    },
  ],
};

/** A comparison in the form that was asked for. */
import { comparisonMarkdown } from '../../compare/markdown.ts';
import type { ComparisonReport } from '../../compare/model.ts';
import type { Terminal } from '../ui/terminal.ts';
import { comparisonText } from './comparison-text.ts';

/** JSON, Markdown or text to standard output. */
export function printComparison(
  report: ComparisonReport,
  { json, markdown }: { readonly json: boolean; readonly markdown: boolean },
  terminal: Terminal,
): void {
  if (json)
    terminal.write(JSON.stringify({ schema: `hayasa-comparison/${report.version}`, ...report }, null, 2));
  else if (markdown) terminal.write(comparisonMarkdown(report));
  else terminal.write(comparisonText(report, terminal.colors));
}

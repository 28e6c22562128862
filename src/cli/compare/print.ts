/** A comparison in the form that was asked for. */
import { comparisonMarkdown } from '../../compare/markdown.ts';
import type { ComparisonReport } from '../../compare/model.ts';
import { englishOnly } from '../../kernel/language.ts';
import type { Terminal } from '../ui/terminal.ts';
import { comparisonText } from './comparison-text.ts';

/** JSON, Markdown or text to standard output. */
export function printComparison(
  report: ComparisonReport,
  { json, markdown }: { readonly json: boolean; readonly markdown: boolean },
  terminal: Terminal,
): void {
  if (json)
    terminal.write(
      JSON.stringify({ schema: `hayasa-comparison/${report.version}`, ...report }, englishOnly, 2),
    );
  else if (markdown) terminal.write(comparisonMarkdown(report, terminal.say));
  else terminal.write(comparisonText(report, terminal.colors, terminal.say));
}

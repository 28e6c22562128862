/**
 * What `hayasa report` does with the folder of a run, in a process of its own: Markdown, JSON, CSV, figures and the text for
 * the screen. Argument: the folder. Printed as one JSON line: seconds since the process began, its CPU and its memory.
 */
import { writeReports } from '../src/cli/reports.ts';
import { processTerminal } from '../src/cli/ui/terminal.ts';
import { realHost } from '../src/host/real-host.ts';
import { runFolder } from '../src/journal/run-folder.ts';

const [folder = ''] = process.argv.slice(2);
const terminal = { ...processTerminal('en'), write: () => undefined };
await writeReports(realHost(), terminal, runFolder(folder), { json: false });
const { user, system } = process.cpuUsage();
process.stdout.write(
  `${JSON.stringify({ seconds: performance.now() / 1e3, user_s: user / 1e6, system_s: system / 1e6, maxRssBytes: process.resourceUsage().maxRSS * 1024 })}\n`,
);

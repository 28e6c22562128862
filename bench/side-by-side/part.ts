/**
 * Part `side-by-side`: all CPU engines on one shape, each class of precision as an ordinary study in a run folder of its
 * own under `runs/`. Ctrl-C and `--budget` end it at any time; the same command goes on. The result is made anew from all
 * run folders of the shape, so that classes may be measured one by one.
 */
import { join, resolve } from 'node:path';
import { reportInput, writeReports } from '../../src/cli/reports.ts';
import { progressView } from '../../src/cli/ui/progress-view.ts';
import { processTerminal } from '../../src/cli/ui/terminal.ts';
import { hayasaVersion } from '../../src/cli/version.ts';
import { ENGINE_DECLARATIONS } from '../../src/engines/declarations.ts';
import type { Host } from '../../src/host/host.ts';
import { interruptSignal } from '../../src/host/interrupt.ts';
import { type RunFolder, runFolder } from '../../src/journal/run-folder.ts';
import { planStudy, type StudyInput } from '../../src/run/open-run.ts';
import { runStudy } from '../../src/run/run-study.ts';
import type { BenchOptions } from '../options.ts';
import { repositoryPath } from '../result.ts';
import { CLASSES, EMBEDDED, type PrecisionClass } from './classes.ts';
import { type ClassResult, compareClasses, MARGIN } from './compare.ts';
import { shapeName, studyOfShape } from './study.ts';

export interface SideBySide {
  readonly model: string;
  readonly input: number;
  readonly output: number;
  readonly threads: number;
  readonly margin: number;
  /** Contests that were decided together. */
  readonly contests: number;
  readonly classes: readonly ClassResult[];
  /** Titles of classes without a run. */
  readonly notMeasured: readonly string[];
}

interface Planned {
  readonly class: PrecisionClass;
  readonly study: StudyInput;
  readonly folder: RunFolder;
  /** Expected time of all rounds, by the plan's rules of thumb. */
  readonly estimated_ms: number;
}

/** Measures the classes that `--only` names (all of them without it) until they are whole or the budget is spent. */
export async function benchSideBySide(
  host: Host,
  options: BenchOptions,
  say: (line: string) => void,
  save: (result: { readonly sideBySide: SideBySide }) => void,
): Promise<{ readonly sideBySide: SideBySide }> {
  const planned: Planned[] = [];
  for (const one of CLASSES) planned.push(await planClass(host, one, options));
  const done = new AbortController();
  const signal = endOf(host, options.budget_ms, done.signal);
  try {
    for (const one of planned) {
      if (options.only.length > 0 && !options.only.includes(one.class.id)) continue;
      if (signal.aborted) break;
      const minutes = Math.round(one.estimated_ms / 60_000);
      say(`${one.class.title}: about ${minutes} min by the plan, in ${one.folder.folder}`);
      await measureClass(host, one, signal, say);
      save({ sideBySide: resultOf(host, planned, options) });
    }
  } finally {
    done.abort();
  }
  return { sideBySide: resultOf(host, planned, options) };
}

async function planClass(host: Host, one: PrecisionClass, options: BenchOptions): Promise<Planned> {
  const name = `${one.id}.yaml`;
  const text = host.files.readText(repositoryPath(`bench/side-by-side/studies/${name}`));
  const study: StudyInput = {
    studyText: studyOfShape(text, options),
    studyName: name,
    declarations: ENGINE_DECLARATIONS,
    hayasaVersion: hayasaVersion(host.files),
  };
  const { study: parsed, environment, plan } = await planStudy(host, study);
  const folder = join('runs', `${parsed.name}-${environment.runId.slice(0, 8)}`);
  return {
    class: one,
    study,
    folder: runFolder(resolve(host.system.currentFolder, folder)),
    estimated_ms: plan.minimum_ms,
  };
}

/**
 * The time is up as if by Ctrl-C: a study's own budget would drop cells to bring others to their rounds, and the next
 * invocation would measure those at another time than their rivals.
 * @param done aborts where everything is measured before
 */
function endOf(host: Host, budget_ms: number | undefined, done: AbortSignal): AbortSignal {
  const interrupt = interruptSignal();
  if (budget_ms === undefined) return interrupt;
  const time = new AbortController();
  void host.clock.sleep(budget_ms, done).then(() => {
    time.abort();
  });
  return AbortSignal.any([interrupt, time.signal]);
}

async function measureClass(
  host: Host,
  { study, folder }: Planned,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<void> {
  const terminal = processTerminal('en');
  const progress = progressView(terminal, host.clock);
  const { outcome } = await runStudy(
    host,
    { ...study, out: folder.folder, budget_ms: undefined },
    progress.onEvent,
    signal,
  ).finally(() => {
    progress.close();
  });
  await writeReports(host, { ...terminal, write: () => {} }, folder, { json: false });
  say(`${outcome}: ${folder.report('md')}`);
}

function resultOf(host: Host, planned: readonly Planned[], options: BenchOptions): SideBySide {
  const { input, output, threads } = options;
  const isRun = ({ folder }: Planned): boolean => host.files.kind(folder.journal) !== undefined;
  const classes = compareClasses(
    planned.filter(isRun).map((one) => ({ class: one.class, input: reportInput(host, one.folder) })),
    EMBEDDED,
  );
  return {
    model: 'open-calm-small, synthetic weights',
    input,
    output,
    threads,
    margin: MARGIN,
    contests: classes.reduce((sum, { contests }) => sum + contests.length, 0),
    classes,
    notMeasured: planned.filter((one) => !isRun(one)).map((one) => one.class.title),
  };
}

/** Part of the result's file name. */
export const sideBySideName = (options: BenchOptions): string => `side-by-side-${shapeName(options)}`;

/** Ends a worker: asked, then terminated, then killed; afterwards nobody of its process group is left. */
import type { Host } from '../host/host.ts';
import type { OutputFile } from '../host/output-file.ts';
import type { ProcessExit, SpawnedProcess } from '../host/processes.ts';
import { encodeFrame } from '../protocol/codec.ts';

/** From `shutdown` to SIGTERM, and from there to SIGKILL. */
const GRACEFUL_MS = 3_000;
const TERMINATE_MS = 1_000;
/** A killed group is looked for this long; a zombie that its parent never reaps would stay for ever. */
const SWEEP_MS = 1_000;
const SWEEP_STEP_MS = 10;

export interface StopResult {
  readonly ended: 'graceful' | 'terminated' | 'killed';
  readonly environment: Readonly<Record<string, string>>;
  readonly stderrTail: string;
}

export async function stopProcess(
  host: Host,
  child: SpawnedProcess,
  gone: Promise<ProcessExit>,
  bye: () => Readonly<Record<string, string>> | undefined,
  output: OutputFile,
): Promise<StopResult> {
  child.channel.write(encodeFrame({ kind: 'shutdown' }));
  let ended: StopResult['ended'] = 'graceful';
  if (!(await within(host, gone, GRACEFUL_MS))) {
    ended = 'terminated';
    child.signalGroup('SIGTERM');
    if (!(await within(host, gone, TERMINATE_MS))) {
      ended = 'killed';
      child.signalGroup('SIGKILL');
      await gone;
    }
  }
  await sweep(host, child);
  const environment = bye();
  if (environment === undefined && ended === 'graceful') ended = 'killed';
  return { ended, environment: environment ?? {}, stderrTail: output.tail() };
}

/** Whether the process was gone within `ms`. */
async function within(host: Host, gone: Promise<ProcessExit>, ms: number): Promise<boolean> {
  const done = new AbortController();
  const ended = await Promise.race([
    gone.then(() => true),
    host.clock.sleep(ms, done.signal).then(() => false),
  ]);
  done.abort();
  return ended;
}

async function sweep(host: Host, child: SpawnedProcess): Promise<void> {
  for (let waited = 0; waited < SWEEP_MS && child.signalGroup('SIGKILL'); waited += SWEEP_STEP_MS) {
    await host.clock.sleep(SWEEP_STEP_MS);
  }
}

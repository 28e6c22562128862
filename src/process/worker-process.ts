/**
 * The controller's side of a worker process: handshake, requests by id with deadlines, faults as values, and a stop
 * that leaves nobody behind. Nothing here throws for what a worker does; only a folder for temporary files that cannot be
 * written does.
 */
import type { Host } from '../host/host.ts';
import { type OutputFile, openOutputFile } from '../host/output-file.ts';
import { type ProcessExit, type SpawnedProcess, spawnProcess } from '../host/processes.ts';
import { encodeFrame, workerFrameDecoder } from '../protocol/codec.ts';
import type { Failure } from '../protocol/failure.ts';
import { type ControllerFrame, PROTOCOL_VERSION, type Ready, type WorkerFrame } from '../protocol/frames.ts';
import { handshakeProblem } from '../protocol/handshake.ts';
import { type ProtocolProblem, protocolFailure } from '../protocol/problem.ts';
import type { WorkerCommand } from './command.ts';
import { exitFailure, type MemoryEvents } from './exit-failure.ts';
import { type Listeners, Requests, type Settled } from './requests.ts';
import { type StopResult, stopProcess } from './stop.ts';

/** After its own deadline a worker has this long to say so itself (cancel grace and the answer's way). */
const ANSWER_GRACE_MS = 5_000;
/** The channel is read to its end for at most this long after the process is gone. */
const DRAIN_MS = 1_000;
const HANDSHAKE_ID = 0;

export interface WorkerProcess {
  readonly pid: number;
  readonly ready: Ready;
  readonly spawned_ns: bigint;
  readonly ready_ns: bigint;
  /**
   * Sends what `build` makes of a fresh id and waits for its answer. `deadline_ms` is the controller's own: the worker
   * is killed when it passes.
   */
  request(
    build: (id: number) => ControllerFrame,
    deadline_ms: number,
    listeners?: Listeners,
  ): Promise<Settled>;
  /** Cancels the newest request. */
  cancel(): void;
  stop(): Promise<StopResult>;
}

export type Started =
  | { readonly kind: 'started'; readonly worker: WorkerProcess }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** The controller's deadline for a request whose worker keeps `deadline_ms` itself. */
export const controllerDeadline = (deadline_ms: number): number => deadline_ms + ANSWER_GRACE_MS;

export async function startWorker(
  host: Host,
  command: WorkerCommand,
  engine: string,
  deadline_ms: number,
): Promise<Started> {
  const spawned_ns = host.clock.monotonic_ns();
  const memoryBefore = memoryEvents(host);
  const output = openOutputFile();
  const child = spawnProcess({
    command: command.command,
    args: command.args,
    environment: { ...host.system.environment, ...command.environment },
    output,
  });
  const requests = new Requests();
  let bye: Extract<WorkerFrame, { kind: 'bye' }> | undefined;
  /** Set once the worker is no longer to be spoken to. */
  let dead: Failure | undefined;

  const end = (failure: Failure): void => {
    if (dead !== undefined) return;
    dead = failure;
    child.signalGroup('SIGKILL');
    requests.failAll(failure);
  };
  const broken = (problem: ProtocolProblem): void => {
    const text = output.tail();
    end({ ...protocolFailure(problem), ...(text === '' ? {} : { stderrTail: text }) });
  };
  const receive = (frame: WorkerFrame): void => {
    switch (frame.kind) {
      case 'bye':
        bye = frame;
        break;
      case 'progress':
        requests.progress(frame.id, frame.stage, frame.fraction);
        break;
      case 'tokens':
        requests.tokens(frame.id, frame.tokens);
        break;
      case 'ready': {
        const problem = handshakeProblem(frame, engine);
        if (problem !== undefined) broken(problem);
        else if (!requests.answer(HANDSHAKE_ID, frame)) unexpected(frame);
        break;
      }
      case 'loaded':
      case 'sample':
      case 'scored':
      case 'failed':
        if (!requests.answer(frame.id, frame)) unexpected(frame);
        break;
    }
  };
  const unexpected = (frame: WorkerFrame): void =>
    broken({
      kind: 'not-a-frame',
      message: {
        en: `a frame "${frame.kind}" that nobody asked for`,
        ja: `誰も求めていないフレーム "${frame.kind}" が届きました`,
      },
    });

  const decoder = workerFrameDecoder();
  let onBytes: (() => void) | undefined;
  child.channel.onData((chunk) => {
    onBytes?.();
    for (const decoded of decoder.push(chunk)) {
      if (dead !== undefined) return;
      if (decoded.kind === 'frame') receive(decoded.frame);
      else broken(decoded.problem);
    }
  });
  const gone = child.exit.then(async (exit: ProcessExit) => {
    await drained(host, child);
    output.close();
    end(exitFailure(exit, output.tail(), memoryBefore, memoryEvents(host)));
    return exit;
  });

  const request: WorkerProcess['request'] = async (build, requestDeadline_ms, listeners) => {
    if (dead !== undefined) return { kind: 'failed', failure: dead };
    const id = requests.nextId();
    const answered = requests.wait(id, listeners);
    onBytes = listeners?.onBytes;
    child.channel.write(encodeFrame(build(id)));
    listeners?.onSent?.();
    return withDeadline(host, answered, requestDeadline_ms, () =>
      end(timeoutFailure(requestDeadline_ms, output)),
    );
  };
  const stop = (): Promise<StopResult> => stopProcess(host, child, gone, () => bye?.environment, output);

  const greeted = requests.wait(HANDSHAKE_ID);
  child.channel.write(encodeFrame({ kind: 'hello', protocol: PROTOCOL_VERSION, engine }));
  const answer = await withDeadline(host, greeted, deadline_ms, () =>
    end(timeoutFailure(deadline_ms, output)),
  );
  if (answer.kind === 'answer' && answer.frame.kind === 'ready' && child.pid !== undefined) {
    const ready_ns = host.clock.monotonic_ns();
    const cancel = (): void => {
      const id = requests.newest();
      if (id !== undefined) child.channel.write(encodeFrame({ kind: 'cancel', id }));
    };
    const worker = { pid: child.pid, ready: answer.frame, spawned_ns, ready_ns, request, cancel, stop };
    return { kind: 'started', worker };
  }
  await stop();
  return {
    kind: 'failed',
    failure:
      answer.kind === 'failed'
        ? answer.failure
        : {
            cause: 'protocol',
            message: {
              en: `the worker greeted with "${answer.frame.kind}"`,
              ja: `ワーカーの最初の応答が "${answer.frame.kind}" でした`,
            },
          },
  };
}

async function withDeadline(
  host: Host,
  answered: Promise<Settled>,
  deadline_ms: number,
  onTimeout: () => void,
): Promise<Settled> {
  const settled = new AbortController();
  void host.clock.sleep(deadline_ms, settled.signal).then(() => {
    if (!settled.signal.aborted) onTimeout();
  });
  const result = await answered;
  settled.abort();
  return result;
}

function timeoutFailure(deadline_ms: number, output: OutputFile): Failure {
  const stderrTail = output.tail();
  return {
    cause: 'timeout',
    message: {
      en: `the worker did not answer within ${deadline_ms} ms and was killed`,
      ja: `ワーカーが ${deadline_ms} ms 以内に答えず、強制終了されました`,
    },
    ...(stderrTail === '' ? {} : { stderrTail }),
  };
}

/** Helpers that a dead worker left behind may hold its channel open: they are killed, and not waited for long. */
async function drained(host: Host, child: SpawnedProcess): Promise<void> {
  child.signalGroup('SIGKILL');
  const done = new AbortController();
  await Promise.race([child.drained, host.clock.sleep(DRAIN_MS, done.signal)]);
  done.abort();
}

function memoryEvents(host: Host): MemoryEvents {
  return {
    vmstat: host.files.tryReadText('/proc/vmstat'),
    cgroupEvents: host.files.tryReadText('/sys/fs/cgroup/memory.events'),
  };
}

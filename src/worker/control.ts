/**
 * The control thread of a worker: handshake, requests to the compute thread, deadlines, cancel, shutdown, and the
 * watchdog that ends an orphan. It sleeps in the event loop while the engine computes.
 */
import type { ByteChannel } from '../host/descriptors.ts';
import type { Host } from '../host/host.ts';
import { wordsOf } from '../kernel/errors.ts';
import type { Words } from '../kernel/language.ts';
import { controllerFrameDecoder, encodeFrame } from '../protocol/codec.ts';
import { causeWords, type Failure } from '../protocol/failure.ts';
import { type ControllerFrame, PROTOCOL_VERSION, type WorkerFrame } from '../protocol/frames.ts';
import { handshakeProblem } from '../protocol/handshake.ts';
import { protocolFailure } from '../protocol/problem.ts';
import { environmentFacts } from './environment-facts.ts';
import {
  CANCEL_REASON,
  CANCELLED_ID,
  type FromCompute,
  REASON_CANCELLED,
  REASON_TIMEOUT,
  type ToCompute,
} from './threads.ts';

/** An engine that was told to stop and has not after this long is killed with its process. */
export const CANCEL_GRACE_MS = 2_000;
/** Answers to `hello` where no request has an id yet. */
const HANDSHAKE_ID = 0;

export interface ControlParts {
  readonly host: Host;
  readonly engine: string;
  readonly pid: number;
  readonly origin_ns: bigint;
  readonly channel: ByteChannel;
  readonly cancel: Int32Array;
  post(message: ToCompute): void;
  /** In order, after everything written has left. */
  exit(code: number): void;
  /** At once. */
  kill(): void;
}

export interface Control {
  fromCompute(message: FromCompute): void;
  /** The compute thread ended with an error. */
  computeFailed(error: unknown, failure: Failure): void;
}

export function startControl(parts: ControlParts): Control {
  const { host, engine, channel, cancel } = parts;
  let greeted = false;
  let versions: Readonly<Record<string, string>> | undefined;
  let failedAtStart: Failure | undefined;
  let running: { readonly id: number; readonly finished: AbortController; told: boolean } | undefined;

  const send = (frame: WorkerFrame): void => channel.write(encodeFrame(frame));
  const leave = (code: number): void => {
    void channel.flushed().then(() => parts.exit(code));
  };
  const greet = (): void => {
    if (!greeted) return;
    if (failedAtStart !== undefined) {
      send({ kind: 'failed', id: HANDSHAKE_ID, failure: failedAtStart });
      leave(1);
    } else if (versions !== undefined) {
      send({
        kind: 'ready',
        protocol: PROTOCOL_VERSION,
        engine,
        pid: parts.pid,
        origin_ns: parts.origin_ns.toString(),
        versions,
        environment: environmentFacts(host),
      });
    }
  };
  const tellToStop = (id: number, reason: typeof REASON_CANCELLED | typeof REASON_TIMEOUT): void => {
    if (running?.id !== id || running.told) return;
    running.told = true;
    Atomics.store(cancel, CANCEL_REASON, reason);
    Atomics.store(cancel, CANCELLED_ID, id);
    const { finished } = running;
    void host.clock.sleep(CANCEL_GRACE_MS, finished.signal).then(async () => {
      if (finished.signal.aborted) return;
      const cause = reason === REASON_TIMEOUT ? 'timeout' : 'cancelled';
      const message: Words = {
        en: `the engine did not stop within ${CANCEL_GRACE_MS} ms (${cause}); its process was ended`,
        ja: `エンジンが ${CANCEL_GRACE_MS} ms 以内に止まらず（${causeWords(cause).ja}）、プロセスを終わらせました`,
      };
      send({ kind: 'failed', id, failure: { cause, message } });
      await channel.flushed();
      parts.kill();
    });
  };
  const begin = (message: Exclude<ToCompute, { kind: 'unload' }>): void => {
    const finished = new AbortController();
    running = { id: message.id, finished, told: false };
    Atomics.store(cancel, CANCELLED_ID, 0);
    parts.post(message);
    if (message.kind === 'load') return;
    void host.clock.sleep(message.deadline_ms, finished.signal).then(() => {
      if (!finished.signal.aborted) tellToStop(message.id, REASON_TIMEOUT);
    });
  };
  const receive = (frame: ControllerFrame): void => {
    switch (frame.kind) {
      case 'hello': {
        const problem = handshakeProblem(frame, engine);
        if (problem !== undefined) failedAtStart = protocolFailure(problem);
        greeted = true;
        greet();
        break;
      }
      case 'load':
      case 'generate':
      case 'score':
        begin(frame);
        break;
      case 'cancel':
        tellToStop(frame.id, REASON_CANCELLED);
        break;
      case 'shutdown':
        parts.post({ kind: 'unload' });
        break;
    }
  };

  const decoder = controllerFrameDecoder();
  channel.onData((chunk) => {
    for (const decoded of decoder.push(chunk)) {
      if (decoded.kind === 'frame') receive(decoded.frame);
      else {
        send({ kind: 'failed', id: HANDSHAKE_ID, failure: protocolFailure(decoded.problem) });
        leave(1);
      }
    }
  });
  channel.onClose(() => parts.kill());

  return {
    fromCompute: (message) => {
      switch (message.kind) {
        case 'started':
          versions = message.versions;
          greet();
          break;
        case 'progress':
        case 'tokens':
          send(message);
          break;
        case 'unloaded':
          send({ kind: 'bye', environment: environmentFacts(host) });
          leave(0);
          break;
        case 'loaded':
        case 'sample':
        case 'scored':
        case 'failed':
          running?.finished.abort();
          running = undefined;
          send(message);
          break;
      }
    },
    computeFailed: (error, failure) => {
      if (running === undefined && versions === undefined) {
        const why = wordsOf(error);
        failedAtStart = {
          ...failure,
          message: {
            en: `the engine's module did not start: ${why.en}`,
            ja: `エンジンのモジュールが起動しません: ${why.ja}`,
          },
        };
        greet();
        return;
      }
      send({ kind: 'failed', id: running?.id ?? HANDSHAKE_ID, failure });
      leave(1);
    },
  };
}

/**
 * The raw events of one run of a peer: requests with the stamps of their events, and the calls that they were made in.
 * Every dialect computes its metrics from this and nothing else. Stamps are nanoseconds after an origin of the launch.
 * Shapes: C = calls (ours: repeats of a cell in one launch), R = requests of a call (ours: sequences of its batch).
 */
import type { JournalSample } from '../journal/record-parts.ts';
import { tokenEvents } from '../protocol/sample.ts';
import { sum } from '../stats/moments.ts';

/** What the text of an event is to the reader of the stream. `empty`: a chunk without text, as servers send first. */
export type EventKind = 'content' | 'reasoning' | 'empty';

export interface DialectEvent {
  readonly ns: number;
  /** New tokens that arrived with it; 0 where it is empty. */
  readonly tokens: number;
  readonly kind: EventKind;
}

/** A request that was answered; at least one event has a token. */
export interface DialectRequest {
  /** When the schedule wanted it sent. */
  readonly intended_ns: number;
  readonly sent_ns: number;
  /** When the answer was complete: at or after the last event. */
  readonly end_ns: number;
  readonly inputTokens: number;
  /** New tokens up to and including the first end-of-text. */
  readonly outputTokens: number;
  /** Ascending in time. */
  readonly events: readonly DialectEvent[];
}

/** Requests that ran together between two pauses; windows are taken per call, so that pauses count nowhere. */
export interface DialectCall {
  readonly requests: readonly DialectRequest[];
}

export interface DialectRun {
  readonly calls: readonly DialectCall[];
  /** `cpu`, `cuda`, ... */
  readonly device: string;
}

/**
 * The repeats of one launch as a run. Each token event of an engine is a `content` event, because a library gives
 * tokens before any parser tells reasoning from content. Cancelled sequences and those without a token are left out, as
 * peers leave out failed requests.
 */
export function dialectRun(samples: readonly JournalSample[], device: string): DialectRun {
  return {
    device,
    calls: samples.map((sample) => ({
      requests: sample.sequences
        .filter(({ finish, events }) => finish !== 'cancelled' && events.length > 0)
        .map((sequence) => ({
          intended_ns: sequence.intended_ns,
          sent_ns: sequence.sent_ns,
          end_ns: sequence.end_ns,
          inputTokens: sequence.inputTokens,
          outputTokens: sequence.newTokens,
          events: Array.from(tokenEvents(sample, sequence), ({ ns, tokens }) => ({
            ns,
            tokens,
            kind: 'content' as const,
          })),
        })),
    })),
  };
}

/** Requests of all calls, in order. */
export const requestsOf = (run: DialectRun): DialectRequest[] =>
  run.calls.flatMap(({ requests }) => requests);

/** The events that carry text: what a client that skips empty chunks sees. */
export const textEvents = (request: DialectRequest): DialectEvent[] =>
  request.events.filter(({ kind }) => kind !== 'empty');

/** First event with text minus sent; undefined where there is none. */
export function firstText_ns(request: DialectRequest): number | undefined {
  const first = request.events.find(({ kind }) => kind !== 'empty');
  return first === undefined ? undefined : first.ns - request.sent_ns;
}

/** Stamp of the last event of any kind. */
export const lastEvent_ns = (request: DialectRequest): number => request.events.at(-1)?.ns ?? request.end_ns;

/** Gaps between successive events, in nanoseconds: one fewer than there are events. */
export const gaps_ns = (events: readonly DialectEvent[]): number[] =>
  events.slice(1).map(({ ns }, i) => ns - (events[i]?.ns ?? ns));

/** Tokens of all requests, in or out. */
export const totalTokens = (run: DialectRun, count: (request: DialectRequest) => number): number =>
  sum(requestsOf(run).map(count));

/** Seconds of the calls' windows, from the earliest `start` to the latest `end` of each. */
export function windows_s(
  run: DialectRun,
  start: (request: DialectRequest) => number,
  end: (request: DialectRequest) => number,
): number {
  const windows_ns = run.calls
    .filter(({ requests }) => requests.length > 0)
    .map(({ requests }) => Math.max(...requests.map(end)) - Math.min(...requests.map(start)));
  return sum(windows_ns) / 1e9;
}

/** Seconds from the first sending to the last answer of each call: the window of most peers' throughput. */
export const sendingToAnswer_s = (run: DialectRun): number =>
  windows_s(
    run,
    ({ sent_ns }) => sent_ns,
    ({ end_ns }) => end_ns,
  );

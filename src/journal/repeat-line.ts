/**
 * The lines that a journal mostly consists of, those of repeats, read straight from their bytes: no text, no intermediate
 * value, no schema walked a million times. It accepts a part of what `recordSchema` accepts, in any order of keys, and gives
 * the same record (a property test holds them together); any other line, damaged ones with them, is left to the schema.
 * What neighbours have in common (texts, runs of events, the sequences of a static batch) is one value in memory.
 */
import {
  ascii,
  type ByteCursor,
  count,
  decimal,
  type KnownText,
  oneOf,
  plainText,
  skip,
  skipByte,
} from './byte-cursor.ts';
import { NOISE_FIELDS, NOISE_FIGURES, type NoiseField } from './noise-figures.ts';
import { disturbanceSchema, type JournalRecord, type JournalSample, type Noise } from './records.ts';

type Repeat = Extract<JournalRecord, { readonly kind: 'repeat' }>;
type Sequence = JournalSample['sequences'][number];
type Events = Sequence['events'];

/** The record of the line in [begin, end) of `bytes`, its newline excluded; undefined where the schema must look. */
export type RepeatLineReader = (bytes: Uint8Array, begin: number, end: number) => Repeat | undefined;

const keys = <K extends string>(...names: readonly K[]) => ({
  names,
  bytes: names.map((name) => ascii(`"${name}":`)),
});
const words = <W extends string>(names: readonly W[]) => ({
  names,
  bytes: names.map((name) => ascii(`"${name}"`)),
});

const BEGIN = ascii('{"kind":"repeat",');
const REPEAT = keys('launch', 'phase', 'cellKey', 'repeat', 'sample', 'noise', 'disturbedBy', 'remeasures');
const SAMPLE = keys('call', 'steps_ns', 'sequences', 'sampling_ns', 'tokensDigest');
const CALL = keys('start_ns', 'end_ns');
const SEQUENCE = keys(
  'inputTokens',
  'intended_ns',
  'queued_ns',
  'sent_ns',
  'events',
  'end_ns',
  'finish',
  'computedPadding',
  'computedPromptPadding',
  'newTokens',
);
const RUN = keys('firstStep', 'steps', 'tokensPerStep');
const NOISE = keys<'window_ns' | NoiseField>('window_ns', ...NOISE_FIELDS);
const PHASES = words(['explore', 'confirm'] as const);
const FINISHES = words(['length', 'stop', 'cancelled'] as const);
const DISTURBANCES = words(disturbanceSchema.options);

const COMMA = 0x2c;
const [BRACE, BRACE_END, BRACKET, BRACKET_END] = [0x7b, 0x7d, 0x5b, 0x5d];
/** In place of the index of a key. */
const [FIRST, END, OTHER] = [-1, -2, -3];
/** A number that was not read yet. */
const ABSENT = -1;

/** A reader that remembers what neighbouring lines have in common; one for each journal. */
export function repeatLineReader(): RepeatLineReader {
  const cursor: ByteCursor = { bytes: new Uint8Array(0), at: 0 };
  const known = (): KnownText => ({ text: '', quoted: new Uint8Array(0) });
  const [launches, cells, digests] = [known(), known(), known()];
  const steps_ns: number[] = [];
  let lastEvents: Events = [];

  /** Moves behind the next key of an object whose brace was read; `previous` is the index of the key before. */
  const nextKey = (names: readonly Uint8Array[], previous: number): number => {
    if (previous !== FIRST) {
      if (skipByte(cursor, BRACE_END)) return END;
      if (!skipByte(cursor, COMMA)) return OTHER;
    }
    const index = oneOf(cursor, names, previous + 1 === names.length ? 0 : previous + 1);
    return index === -1 ? OTHER : index;
  };

  /** Reads an object of whole numbers into `into`, by the index of the key. */
  const counts = (
    { bytes: names }: { readonly bytes: readonly Uint8Array[] },
    into: Float64Array,
  ): boolean => {
    if (!skipByte(cursor, BRACE)) return false;
    into.fill(ABSENT);
    let key = nextKey(names, FIRST);
    for (; key >= 0; key = nextKey(names, key)) if (!countInto(into, key)) return false;
    return key === END;
  };
  const countInto = (into: Float64Array, key: number): boolean => {
    if (into[key] !== ABSENT) return false;
    const value = count(cursor);
    into[key] = value;
    return value >= 0;
  };

  /** Reads `[...]`, whose items `item` reads. */
  const list = (item: () => boolean): boolean => {
    if (!skipByte(cursor, BRACKET)) return false;
    if (skipByte(cursor, BRACKET_END)) return true;
    do if (!item()) return false;
    while (skipByte(cursor, COMMA));
    return skipByte(cursor, BRACKET_END);
  };

  const step = (): boolean => {
    const value = count(cursor);
    steps_ns[stepCount] = value;
    stepCount += 1;
    return value >= 0;
  };
  let stepCount = 0;

  const runNumbers = new Float64Array(RUN.names.length);
  let events: Events = [];
  const run = (): boolean => {
    if (!counts(RUN, runNumbers)) return false;
    const [firstStep = ABSENT, steps = ABSENT, tokensPerStep = ABSENT] = runNumbers;
    events.push({ firstStep, steps, tokensPerStep });
    return firstStep >= 0 && steps > 0 && tokensPerStep > 0;
  };
  const readEvents = (): Events | undefined => {
    events = [];
    if (!list(run)) return undefined;
    if (!isSameRun(events, lastEvents)) lastEvents = events;
    return lastEvents;
  };

  const numbers = new Float64Array(SEQUENCE.names.length);
  const EVENTS = SEQUENCE.names.indexOf('events');
  const FINISH = SEQUENCE.names.indexOf('finish');
  const readSequence = (): Sequence | undefined => {
    if (!skipByte(cursor, BRACE)) return undefined;
    numbers.fill(ABSENT);
    let own: Events | undefined;
    let finish: Sequence['finish'] | undefined;
    let key = nextKey(SEQUENCE.bytes, FIRST);
    for (; key >= 0; key = nextKey(SEQUENCE.bytes, key)) {
      if (key === EVENTS) {
        if (own !== undefined) return undefined;
        own = readEvents();
        if (own === undefined) return undefined;
      } else if (key === FINISH) {
        if (finish !== undefined) return undefined;
        finish = FINISHES.names[oneOf(cursor, FINISHES.bytes, 0)];
        if (finish === undefined) return undefined;
      } else if (!countInto(numbers, key)) return undefined;
    }
    const [
      inputTokens = ABSENT,
      intended_ns = ABSENT,
      queued_ns = ABSENT,
      sent_ns = ABSENT,
      ,
      end_ns = ABSENT,
    ] = numbers;
    const [, , , , , , , computedPadding = ABSENT, computedPromptPadding = ABSENT, newTokens = ABSENT] =
      numbers;
    const least = Math.min(inputTokens, intended_ns, queued_ns, sent_ns, end_ns, computedPadding, newTokens);
    if (key !== END || own === undefined || finish === undefined || least < 0) return undefined;
    const stamps = {
      inputTokens,
      intended_ns,
      queued_ns,
      sent_ns,
      events: own,
      end_ns,
      finish,
      newTokens,
      computedPadding,
    };
    return computedPromptPadding === ABSENT ? stamps : { ...stamps, computedPromptPadding };
  };

  /** Reused: what is kept of a line is cut to its length. */
  const sequences: Sequence[] = [];
  /** Bytes of the sequence before, [begin, end). */
  let [begin, end] = [0, 0];
  const sequence = (): boolean => {
    const before = sequences.at(-1);
    if (before !== undefined && repeats(cursor, begin, end)) {
      sequences.push(before);
      return true;
    }
    begin = cursor.at;
    const read = readSequence();
    if (read === undefined) return false;
    end = cursor.at;
    sequences.push(read);
    return true;
  };

  const callNumbers = new Float64Array(CALL.names.length);
  const readSample = (): JournalSample | undefined => {
    if (!skipByte(cursor, BRACE)) return undefined;
    let call: JournalSample['call'] | undefined;
    let steps: number[] | undefined;
    let all: Sequence[] | undefined;
    let sampling_ns = ABSENT;
    let tokensDigest: string | undefined;
    let key = nextKey(SAMPLE.bytes, FIRST);
    for (; key >= 0; key = nextKey(SAMPLE.bytes, key)) {
      switch (SAMPLE.names[key]) {
        case 'call': {
          if (call !== undefined || !counts(CALL, callNumbers)) return undefined;
          const [start_ns = ABSENT, end_ns = ABSENT] = callNumbers;
          if (start_ns < 0 || end_ns < 0) return undefined;
          call = { start_ns, end_ns };
          break;
        }
        case 'steps_ns':
          stepCount = 0;
          if (steps !== undefined || !list(step)) return undefined;
          steps = steps_ns.slice(0, stepCount);
          break;
        case 'sequences':
          sequences.length = 0;
          if (all !== undefined || !list(sequence)) return undefined;
          all = sequences.slice();
          break;
        case 'sampling_ns':
          if (sampling_ns !== ABSENT) return undefined;
          sampling_ns = count(cursor);
          if (sampling_ns < 0) return undefined;
          break;
        case 'tokensDigest':
          if (tokensDigest !== undefined) return undefined;
          tokensDigest = plainText(cursor, digests);
          if (tokensDigest === undefined) return undefined;
          break;
        case undefined:
          return undefined;
      }
    }
    if (
      key !== END ||
      call === undefined ||
      steps === undefined ||
      all === undefined ||
      tokensDigest === undefined
    ) {
      return undefined;
    }
    const sample = { call, steps_ns: steps, sequences: all };
    return sampling_ns === ABSENT ? { ...sample, tokensDigest } : { ...sample, sampling_ns, tokensDigest };
  };

  const noiseNumbers = new Float64Array(NOISE.names.length);
  const readNoise = (): Noise | undefined => {
    if (!skipByte(cursor, BRACE)) return undefined;
    noiseNumbers.fill(Number.NaN);
    let key = nextKey(NOISE.bytes, FIRST);
    for (; key >= 0; key = nextKey(NOISE.bytes, key)) {
      if (!Number.isNaN(noiseNumbers[key])) return undefined;
      const value = IS_COUNT[key] === true ? count(cursor) : decimal(cursor);
      if (Number.isNaN(value) || (IS_COUNT[key] === true && value < 0)) return undefined;
      noiseNumbers[key] = value;
    }
    const window_ns = noiseNumbers[0] ?? Number.NaN;
    if (key !== END || Number.isNaN(window_ns)) return undefined;
    const noise: Noise = { window_ns };
    for (const [index, name] of NOISE.names.entries()) {
      const value = noiseNumbers[index] ?? Number.NaN;
      if (index > 0 && !Number.isNaN(value)) noise[name] = value;
    }
    return noise;
  };

  let reasons: NonNullable<Repeat['disturbedBy']> = [];
  const reason = (): boolean => {
    const name = DISTURBANCES.names[oneOf(cursor, DISTURBANCES.bytes, 0)];
    if (name !== undefined) reasons.push(name);
    return name !== undefined;
  };

  const readRecord = (): Repeat | undefined => {
    let launch: string | undefined;
    let phase: Repeat['phase'] | undefined;
    let cellKey: string | undefined;
    let repeat = ABSENT;
    let sample: JournalSample | undefined;
    let noise: Noise | undefined;
    let disturbedBy: Repeat['disturbedBy'];
    let remeasures = ABSENT;
    let seen = 0;
    let key = nextKey(REPEAT.bytes, FIRST);
    for (; key >= 0; key = nextKey(REPEAT.bytes, key)) {
      if ((seen & (1 << key)) !== 0) return undefined;
      seen |= 1 << key;
      switch (REPEAT.names[key]) {
        case 'launch':
          launch = plainText(cursor, launches);
          if (launch === undefined) return undefined;
          break;
        case 'phase':
          phase = PHASES.names[oneOf(cursor, PHASES.bytes, 0)];
          if (phase === undefined) return undefined;
          break;
        case 'cellKey':
          cellKey = plainText(cursor, cells);
          if (cellKey === undefined) return undefined;
          break;
        case 'repeat':
          repeat = count(cursor);
          if (repeat < 0) return undefined;
          break;
        case 'sample':
          sample = readSample();
          if (sample === undefined) return undefined;
          break;
        case 'noise':
          noise = readNoise();
          if (noise === undefined) return undefined;
          break;
        case 'disturbedBy':
          reasons = [];
          if (!list(reason) || reasons.length === 0) return undefined;
          disturbedBy = reasons;
          break;
        case 'remeasures':
          remeasures = count(cursor);
          if (remeasures < 0) return undefined;
          break;
        case undefined:
          return undefined;
      }
    }
    if (key !== END || launch === undefined || phase === undefined || cellKey === undefined) return undefined;
    if (repeat < 0 || sample === undefined) return undefined;
    const record = { kind: 'repeat' as const, launch, phase, cellKey, repeat, sample };
    if (disturbedBy === undefined && remeasures === ABSENT) {
      return noise === undefined ? record : { ...record, noise };
    }
    return {
      ...record,
      ...(noise === undefined ? {} : { noise }),
      ...(disturbedBy === undefined ? {} : { disturbedBy }),
      ...(remeasures === ABSENT ? {} : { remeasures }),
    };
  };

  return (bytes, from, to) => {
    cursor.bytes = bytes;
    cursor.at = from;
    if (!skip(cursor, BEGIN)) return undefined;
    const record = readRecord();
    return cursor.at === to ? record : undefined;
  };
}

/** By index in `NOISE`. */
const IS_COUNT: readonly boolean[] = NOISE.names.map(
  (name) => name === 'window_ns' || NOISE_FIGURES[name].quantity === 'count',
);

/** One run and one run that are equal. */
function isSameRun([a, ...others]: Events, [b, ...rest]: Events): boolean {
  return (
    a !== undefined &&
    b !== undefined &&
    others.length + rest.length === 0 &&
    a.firstStep === b.firstStep &&
    a.steps === b.steps &&
    a.tokensPerStep === b.tokensPerStep
  );
}

/** Whether the bytes of [begin, end) stand there once more; moves behind them. */
function repeats(cursor: ByteCursor, begin: number, end: number): boolean {
  const { bytes, at } = cursor;
  for (let i = 0; i < end - begin; i += 1) if (bytes[at + i] !== bytes[begin + i]) return false;
  cursor.at = at + end - begin;
  return true;
}

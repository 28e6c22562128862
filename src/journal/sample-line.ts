/** The sample in the line of a repeat: stamps of the call and of each step, sequences with their runs of events. */
import { count, type KnownText, oneOf, plainText } from './byte-cursor.ts';
import {
  add,
  beginObject,
  countInto,
  counts,
  END,
  FIRST,
  type LineCursor,
  list,
  listOfNeighbours,
  nextKey,
} from './line-objects.ts';
import { numberOf, type TextTable } from './pack-repeats.ts';
import { ABSENT, SEQUENCE_WORDS } from './packed-repeats.ts';
import { CALL, FINISH_WORDS, RUN, SAMPLE, SEQUENCE } from './repeat-keys.ts';

/** Places among the keys of a sequence and among its words. */
const EVENTS = SEQUENCE.names.indexOf('events');
const FINISH = SEQUENCE.names.indexOf('finish');
const FINISH_WORD = SEQUENCE_WORDS.indexOf('finish');
const WORDS: readonly string[] = SEQUENCE_WORDS;
const WORD_OF_KEY: readonly number[] = SEQUENCE.names.map((name) => WORDS.indexOf(name));
/** The words before this one must be there. */
const REQUIRED_WORDS = SEQUENCE_WORDS.indexOf('computedPromptPadding');

/** Words of a sample before its steps. */
const [SAMPLING_WORD, DIGEST_WORD, HEADER_WORDS] = [2, 3, 4];
const SAMPLING_KEY = 1 << SAMPLE.names.indexOf('sampling_ns');
const ALL_KEYS = (1 << SAMPLE.names.length) - 1;

/** Adds the words of the sample that stands there; its digest becomes its number in `digests`. */
export function readSample(line: LineCursor, digests: TextTable, lastDigest: KnownText): boolean {
  if (!beginObject(line)) return false;
  const at = line.used;
  line.used += HEADER_WORDS;
  line.words[at + SAMPLING_WORD] = ABSENT;
  let key = FIRST;
  let seen = 0;
  for (;;) {
    const previous = key;
    key = nextKey(line, SAMPLE.bytes, previous);
    // Their words follow one another, so the keys have to.
    if (key <= previous) break;
    seen |= 1 << key;
    switch (SAMPLE.names[key]) {
      case 'call':
        if (!readCall(line, at)) return false;
        break;
      case 'steps_ns':
        if (!list(line, readStep)) return false;
        break;
      case 'sequences':
        if (!listOfNeighbours(line, readSequence)) return false;
        break;
      case 'sampling_ns': {
        const sampling_ns = count(line);
        if (sampling_ns < 0) return false;
        line.words[at + SAMPLING_WORD] = sampling_ns;
        break;
      }
      case 'tokensDigest': {
        const digest = plainText(line, lastDigest);
        if (digest === undefined) return false;
        line.words[at + DIGEST_WORD] = numberOf(digests, digest);
        break;
      }
      case undefined:
        return false;
    }
  }
  return key === END && (seen | SAMPLING_KEY) === ALL_KEYS;
}

const callNumbers = new Float64Array(CALL.names.length);

function readCall(line: LineCursor, at: number): boolean {
  if (!counts(line, CALL.bytes, callNumbers)) return false;
  const [start_ns = ABSENT, end_ns = ABSENT] = callNumbers;
  line.words[at] = start_ns;
  line.words[at + 1] = end_ns;
  return start_ns >= 0 && end_ns >= 0;
}

function readStep(line: LineCursor): boolean {
  const value = count(line);
  add(line, value);
  return value >= 0;
}

const sequenceNumbers = new Float64Array(SEQUENCE_WORDS.length);

function readSequence(line: LineCursor): boolean {
  if (!beginObject(line)) return false;
  const numbers = sequenceNumbers;
  numbers.fill(ABSENT);
  // Events stand among the numbers in the line, and after them in the words.
  const at = line.used;
  line.used += SEQUENCE_WORDS.length;
  let hasEvents = false;
  let key = nextKey(line, SEQUENCE.bytes, FIRST);
  for (; key >= 0; key = nextKey(line, SEQUENCE.bytes, key)) {
    if (key === EVENTS) {
      if (hasEvents || !list(line, readRun)) return false;
      hasEvents = true;
    } else if (key === FINISH) {
      if (numbers[FINISH_WORD] !== ABSENT) return false;
      const finish = oneOf(line, FINISH_WORDS.bytes, 0);
      if (finish < 0) return false;
      numbers[FINISH_WORD] = finish;
    } else if (!countInto(line, numbers, WORD_OF_KEY[key] ?? ABSENT)) return false;
  }
  if (key !== END || !hasEvents) return false;
  for (let word = 0; word < REQUIRED_WORDS; word += 1) if ((numbers[word] ?? ABSENT) < 0) return false;
  for (let word = 0; word < SEQUENCE_WORDS.length; word += 1) line.words[at + word] = numbers[word] ?? ABSENT;
  return true;
}

const runNumbers = new Float64Array(RUN.names.length);

function readRun(line: LineCursor): boolean {
  if (!counts(line, RUN.bytes, runNumbers)) return false;
  const [firstStep = ABSENT, steps = ABSENT, tokensPerStep = ABSENT] = runNumbers;
  add(line, firstStep);
  add(line, steps);
  add(line, tokensPerStep);
  return firstStep >= 0 && steps > 0 && tokensPerStep > 0;
}

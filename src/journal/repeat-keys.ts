/** How the line of a repeat is spelled: the keys of each of its objects in the order in which they are written, and its words. */
import { ascii } from './byte-cursor.ts';
import { DISTURBANCES, FINISHES, NOISE_WORDS } from './packed-repeats.ts';

/** Keys of an object, or words that a value is one of; `bytes` as they stand in the line, the colon of a key with them. */
export interface Spelling<Name extends string> {
  readonly names: readonly Name[];
  readonly bytes: readonly Uint8Array[];
}

const keys = <Name extends string>(...names: readonly Name[]): Spelling<Name> => ({
  names,
  bytes: names.map((name) => ascii(`"${name}":`)),
});
const words = <Name extends string>(names: readonly Name[]): Spelling<Name> => ({
  names,
  bytes: names.map((name) => ascii(`"${name}"`)),
});

export const BEGIN: Uint8Array = ascii('{"kind":"repeat",');
export const REPEAT = keys(
  'launch',
  'phase',
  'cellKey',
  'repeat',
  'sample',
  'noise',
  'disturbedBy',
  'remeasures',
);
export const SAMPLE = keys('call', 'steps_ns', 'sequences', 'sampling_ns', 'tokensDigest');
export const CALL = keys('start_ns', 'end_ns');
export const SEQUENCE = keys(
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
export const RUN = keys('firstStep', 'steps', 'tokensPerStep');
export const NOISE = keys(...NOISE_WORDS);
export const PHASES = words(['explore', 'confirm'] as const);
export const FINISH_WORDS = words(FINISHES);
export const REASONS = words(DISTURBANCES);

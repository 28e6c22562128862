/** By which rule an interval was made, as data; the text of it stands beside every value in JSON and CSV. */
import { assertNever } from '../kernel/errors.ts';
import type { TailFactors } from './long-tail.ts';

export type IntervalMethod =
  /** No interval: repeats of one launch say nothing of the spread between launches, however many they are. */
  | { readonly kind: 'single-launch' }
  /** Student's t over launch means about their mean: with few launches. */
  | StudentMethod<'t-about-mean'>
  /** Student's t over launch means about a straight line through the rounds: a steady drift does not widen it. */
  | StudentMethod<'t-about-line'>
  /** Student's t over launch means about their mean, at the level of one of several looks (`sequential.ts`). */
  | (StudentMethod<'repeated-t'> & {
      /** Launches at the first and at the last look. */
      readonly firstLook: number;
      readonly lastLook: number;
      /** Coverage of this look's interval alone; that of all looks together is the interval's level. */
      readonly lookLevel: number;
    })
  /** Studentised bootstrap of the launch means about that line: with many launches. */
  | {
      readonly kind: 'studentised-bootstrap';
      readonly launches: number;
      readonly resamples: number;
    };

interface StudentMethod<Kind extends string> {
  readonly kind: Kind;
  readonly launches: number;
  /** A fraction where launches have unequally many repeats (Satterthwaite). */
  readonly degreesOfFreedom: number;
  readonly unequalRepeats: boolean;
  /** How much further the interval reaches towards a long tail of the repeats; absent where they show none. */
  readonly tails?: TailFactors;
}

/** `t over 5 launch means about a line, 3 degrees of freedom`. */
export function methodText(method: IntervalMethod): string {
  switch (method.kind) {
    case 'single-launch':
      return 'one launch mean';
    case 't-about-mean':
      return `t over ${method.launches} launch means${unequalText(method)}${tailText(method)}`;
    case 't-about-line':
      return `t over ${method.launches} launch means about a line${unequalText(method)}${tailText(method)}`;
    case 'repeated-t':
      return `t over ${method.launches} launch means, looked at after each of ${method.firstLook} to ${method.lastLook} (repeated confidence interval)${unequalText(method)}`;
    case 'studentised-bootstrap':
      return `studentised bootstrap of ${method.launches} launch means about a line, ${method.resamples} resamples`;
    default:
      return assertNever(method, 'interval method');
  }
}

const unequalText = ({ degreesOfFreedom, unequalRepeats }: StudentMethod<string>): string =>
  unequalRepeats
    ? `, Satterthwaite's ${degreesOfFreedom.toFixed(1)} degrees of freedom (unequal repeats)`
    : '';

function tailText({ tails }: StudentMethod<string>): string {
  if (tails === undefined) return '';
  const [side, factor] = tails.above > 1 ? ['upper', tails.above] : ['lower', tails.below];
  return `, ${side} limit ${factor.toFixed(2)} times as far (long tail)`;
}

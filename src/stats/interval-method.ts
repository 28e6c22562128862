/** By which rule an interval was made, as data; the text of it stands beside every value in JSON and CSV. */
import { assertNever } from '../kernel/errors.ts';
import type { Words } from '../kernel/language.ts';
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
      readonly cutOffAt?: number;
    };

interface StudentMethod<Kind extends string> {
  readonly kind: Kind;
  readonly launches: number;
  /** A fraction where launches have unequally many repeats (Satterthwaite). */
  readonly degreesOfFreedom: number;
  readonly unequalRepeats: boolean;
  /** How much further the interval reaches towards a long tail of the repeats; absent where they show none. */
  readonly tails?: TailFactors;
  /** The bound that the quantity cannot be below, where the interval would have reached beyond it. */
  readonly cutOffAt?: number;
}

/** `t over 5 launch means about a line, Satterthwaite's 3.2 degrees of freedom (unequal repeats)`. */
export function methodWords(method: IntervalMethod): Words {
  switch (method.kind) {
    case 'single-launch':
      return { en: 'one launch mean', ja: '起動平均一つ' };
    case 't-about-mean':
      return withDetails(
        {
          en: `t over ${method.launches} launch means`,
          ja: `${method.launches} 個の起動平均に対する t 分布`,
        },
        [unequalWords(method), tailWords(method), cutWords(method)],
      );
    case 't-about-line':
      return withDetails(
        {
          en: `t over ${method.launches} launch means about a line`,
          ja: `${method.launches} 個の起動平均の、直線のまわりの t 分布`,
        },
        [unequalWords(method), tailWords(method), cutWords(method)],
      );
    case 'repeated-t':
      return withDetails(
        {
          en: `t over ${method.launches} launch means, looked at after each of ${method.firstLook} to ${method.lastLook} (repeated confidence interval)`,
          ja: `${method.launches} 個の起動平均に対する t 分布、${method.firstLook} 回目から ${method.lastLook} 回目まで毎回確認（反復信頼区間）`,
        },
        [unequalWords(method), cutWords(method)],
      );
    case 'studentised-bootstrap':
      return withDetails(
        {
          en: `studentised bootstrap of ${method.launches} launch means about a line, ${method.resamples} resamples`,
          ja: `${method.launches} 個の起動平均の、直線のまわりのスチューデント化ブートストラップ、再標本 ${method.resamples} 回`,
        },
        [cutWords(method)],
      );
    default:
      return assertNever(method, 'interval method');
  }
}

const withDetails = (text: Words, details: readonly (Words | undefined)[]): Words =>
  details.reduce<Words>(
    (all, one) => (one === undefined ? all : { en: `${all.en}, ${one.en}`, ja: `${all.ja}、${one.ja}` }),
    text,
  );

const unequalWords = ({ degreesOfFreedom, unequalRepeats }: StudentMethod<string>): Words | undefined =>
  unequalRepeats
    ? {
        en: `Satterthwaite's ${degreesOfFreedom.toFixed(1)} degrees of freedom (unequal repeats)`,
        ja: `Satterthwaite の自由度 ${degreesOfFreedom.toFixed(1)}（反復数が不揃い）`,
      }
    : undefined;

function tailWords({ tails }: StudentMethod<string>): Words | undefined {
  if (tails === undefined) return undefined;
  const isUpper = tails.above > 1;
  const factor = (isUpper ? tails.above : tails.below).toFixed(2);
  return {
    en: `${isUpper ? 'upper' : 'lower'} limit ${factor} times as far (long tail)`,
    ja: `${isUpper ? '上' : '下'}限までの距離 ${factor} 倍（長い裾）`,
  };
}

const cutWords = ({ cutOffAt }: { readonly cutOffAt?: number }): Words | undefined =>
  cutOffAt === undefined ? undefined : { en: `cut off at ${cutOffAt}`, ja: `${cutOffAt} で打ち切り` };

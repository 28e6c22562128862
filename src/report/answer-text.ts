/** The answer in two sentences: the setting that comes first in the study, its smallest and its largest batch. */
import { assertNever } from '../kernel/errors.ts';
import { agreementText } from './agreement.ts';
import type { WinnerClass } from './choice-model.ts';
import type { SettingAnswer, Winner } from './model.ts';
import { counted, formatEstimate, formatRatio } from './numbers.ts';

/** Two sentences, or one that says that nothing was measured. `device`: `this CPU (...)`. */
export function answerSentences(settings: readonly SettingAnswer[], device: string): string[] {
  const headline = settings.find(({ winners }) => winners.length > 0);
  if (headline === undefined) return ['Nothing was measured, so there is no answer.'];
  const more = settings.length > 1 ? ` (${headline.setting})` : '';
  const equal = winnersAt(headline, 'equal-to-fp32');
  const any = winnersAt(headline, 'any-precision');
  return [
    equal.length === 0
      ? `On ${device}${more} no configuration with outputs equal to fp32 was measured.`
      : `On ${device}${more}, among outputs equal to fp32, ${list(equal, false)}.`,
    sameCells(equal, any)
      ? 'At any precision the answer is the same.'
      : `At any precision, ${list(any, true)}.`,
  ];
}

/** The winners at the smallest and the largest batch. */
function winnersAt({ winners }: SettingAnswer, among: WinnerClass): Winner[] {
  const of = winners.filter((winner) => winner.among === among);
  const [first] = of;
  const last = of.at(-1);
  return first === undefined || last === undefined ? [] : first === last ? [first] : [first, last];
}

const sameCells = (a: readonly Winner[], b: readonly Winner[]): boolean =>
  a.length === b.length && a.every(({ cellKey }, index) => cellKey === b[index]?.cellKey);

function list(winners: readonly Winner[], withAgreement: boolean): string {
  return winners
    .map((winner, index) => {
      const at = `at batch ${winner.batch} (${details(winner, withAgreement)})`;
      return winner.label === winners[index - 1]?.label ? at : `${winner.label} is the fastest ${at}`;
    })
    .join(' and ');
}

function details(winner: Winner, withAgreement: boolean): string {
  return [
    `${formatEstimate(winner.throughput, 1, 1)} tokens/s`,
    lead(winner),
    ...(withAgreement || winner.agreement.kind === 'not-checked'
      ? [`agreement with fp32: ${agreementText(winner.agreement)}`]
      : []),
    confirmed(winner),
  ].join('; ');
}

function lead({ runnerUp }: Winner): string {
  if (runnerUp === undefined) return 'nothing to compare it with';
  const { ratio, label, outcome } = runnerUp;
  if (ratio.kind === 'missing') return `runner-up ${label}, ${ratio.reason}`;
  const text = `${formatRatio(ratio.value)} against runner-up ${label}`;
  switch (outcome) {
    case 'faster':
    case 'slower':
      return text;
    case 'equivalent':
      return `${text}: as good as equal`;
    case 'undecided':
      return `${text}: undecided`;
    default:
      return assertNever(outcome, 'outcome');
  }
}

function confirmed({ confirmation }: Winner): string {
  switch (confirmation.kind) {
    case 'confirmed':
      return `measured again in ${counted(confirmation.blocks, 'fresh block')}`;
    case 'overturned':
      return `overturned: in ${counted(confirmation.blocks, 'fresh block')} the runner-up was faster`;
    case 'not-confirmed':
      return `not confirmed: ${confirmation.reason}`;
  }
}

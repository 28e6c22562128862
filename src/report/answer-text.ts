/** The answer in two sentences: the setting that comes first in the study, its smallest and its largest batch. */
import { assertNever } from '../kernel/errors.ts';
import { LANGUAGES, type Language, type Say, sayIn, type Words } from '../kernel/language.ts';
import { agreementText } from './agreement.ts';
import type { WinnerClass } from './choice-model.ts';
import type { SettingAnswer, Winner } from './model.ts';
import { counted, formatEstimate, formatNumber, formatRatio } from './numbers.ts';

/** Two sentences, or one that says that nothing was measured. `device`: `this CPU (...)`. */
export function answerSentences(settings: readonly SettingAnswer[], device: Words): Words[] {
  const headline = settings.find(({ winners }) => winners.length > 0);
  if (headline === undefined) {
    return [
      {
        en: 'Nothing was measured, so there is no answer.',
        ja: '何も測定されていないので、答えはありません。',
      },
    ];
  }
  const { setting } = headline;
  const more =
    settings.length > 1 ? { en: ` with ${setting.en}`, ja: `（${setting.ja}）` } : { en: '', ja: '' };
  const equal = winnersAt(headline, 'equal-to-fp32');
  const any = winnersAt(headline, 'any-precision');
  const equalList = list(equal, false);
  const anyList = list(any, true);
  return [
    equal.length === 0
      ? {
          en: `On ${device.en}${more.en} no configuration with outputs equal to fp32 was measured.`,
          ja: `${device.ja}${more.ja}では、出力が fp32 と等しい構成は測定されていません。`,
        }
      : {
          en: `On ${device.en}${more.en}, among outputs equal to fp32, ${equalList.en}.`,
          ja: `${device.ja}${more.ja}で、出力が fp32 と等しいもののうち最速は、${equalList.ja}です。`,
        },
    sameCells(equal, any)
      ? { en: 'At any precision the answer is the same.', ja: '精度を問わなくても答えは同じです。' }
      : { en: `At any precision, ${anyList.en}.`, ja: `精度を問わなければ、最速は${anyList.ja}です。` },
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

function list(winners: readonly Winner[], withAgreement: boolean): Words {
  const parts = winners.map((winner, index) => {
    const { batch, label } = winner;
    const text = eachLanguage((say) => details(winner, withAgreement, say));
    const at = `at batch ${batch} (${text.en})`;
    return {
      en: label === winners[index - 1]?.label ? at : `${label} is the fastest ${at}`,
      ja: `バッチ ${batch} で ${label}（${text.ja}）`,
    };
  });
  return { en: parts.map(({ en }) => en).join(' and '), ja: parts.map(({ ja }) => ja).join('、') };
}

function details(winner: Winner, withAgreement: boolean, say: Say): string {
  const agreement = say(agreementText(winner.agreement));
  return [
    `${formatEstimate(winner.throughput, 1, 1, say)} tokens/s`,
    say(lead(winner)),
    ...(withAgreement || winner.agreement.kind === 'not-checked'
      ? [say({ en: `agreement with fp32: ${agreement}`, ja: `fp32 との一致: ${agreement}` })]
      : []),
    say(confirmed(winner)),
  ].join('; ');
}

function lead({ runnerUp }: Winner): Words {
  if (runnerUp === undefined) return { en: 'nothing to compare it with', ja: '比較対象なし' };
  const { ratio, label, outcome } = runnerUp;
  if (ratio.kind === 'missing') {
    return { en: `runner-up ${label}, ${ratio.reason.en}`, ja: `次点 ${label}、${ratio.reason.ja}` };
  }
  const text = {
    en: `${formatRatio(ratio.value).en} against runner-up ${label}`,
    ja: `次点 ${label} の ${formatRatio(ratio.value).ja}`,
  };
  switch (outcome) {
    case 'faster':
    case 'slower':
      return text;
    case 'equivalent':
      return { en: `${text.en}: as good as equal`, ja: `${text.ja}: 実質的に同等` };
    case 'undecided':
      return { en: `${text.en}: undecided`, ja: `${text.ja}: 未決` };
    default:
      return assertNever(outcome, 'outcome');
  }
}

function confirmed({ confirmation }: Winner): Words {
  switch (confirmation.kind) {
    case 'confirmed':
      return {
        en: `measured again in ${counted(confirmation.blocks, 'fresh block')}`,
        ja: `新しい ${formatNumber(confirmation.blocks, 0)} ブロックで再測定済み`,
      };
    case 'overturned':
      return {
        en: `overturned: in ${counted(confirmation.blocks, 'fresh block')} the runner-up was faster`,
        ja: `逆転: 新しい ${formatNumber(confirmation.blocks, 0)} ブロックでは次点のほうが速い`,
      };
    case 'not-confirmed':
      return {
        en: `not confirmed: ${confirmation.reason.en}`,
        ja: `再測定なし: ${confirmation.reason.ja}`,
      };
  }
}

const eachLanguage = (text: (say: Say) => string): Words =>
  Object.fromEntries(LANGUAGES.map((language) => [language, text(sayIn(language))])) as Record<
    Language,
    string
  >;

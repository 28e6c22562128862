/** Verdicts in words: the same for the terminal, Markdown and `hayasa claims`. */

import type { Say, Words } from '../kernel/language.ts';
import type { Estimate } from '../stats/estimate.ts';
import type { Effect } from '../verdicts/evidence.ts';
import { isFact } from '../verdicts/fact.ts';
import type { Analogue, Elsewhere, Outcome, Verdict } from '../verdicts/judge.ts';
import type { ClaimsSection } from './claims.ts';
import { formatNumber } from './numbers.ts';

const OUTCOMES: Readonly<Record<Outcome, Words>> = {
  supported: { en: 'supported', ja: '支持' },
  refuted: { en: 'refuted', ja: '反証' },
  undecided: { en: 'undecided', ja: '未決' },
  'not-measured': { en: 'not measured here', ja: 'ここでは未測定' },
};

/** Of a verdict without its details. */
export const outcomeName = (outcome: Outcome): Words => OUTCOMES[outcome];

const CARRIES: Readonly<Record<Elsewhere['outcome'], Words>> = {
  'carries-over': { en: 'it carries over', ja: '成り立つ' },
  'does-not-carry-over': { en: 'it does not carry over', ja: '成り立たない' },
  undecided: { en: 'it is undecided whether it carries over', ja: '成り立つかは未決' },
};

/** `supported`, with how much of it was measured where that is not everything. */
export const outcomeText = ({ outcome, effects, missing }: Verdict): Words =>
  outcome === 'not-measured' || missing.length === 0
    ? OUTCOMES[outcome]
    : {
        en: `${OUTCOMES[outcome].en} (${effects.length} measured; ${missing.length} cells missing)`,
        ja: `${OUTCOMES[outcome].ja}（測定 ${effects.length}、欠測 ${missing.length} セル）`,
      };

/** What was found: effects against their margins, or why there are none; then other devices and stand-ins. */
export function findingText(verdict: Verdict, say: Say): string {
  const { effects, reason, elsewhere, analogue } = verdict;
  return [
    effectsText(effects, say),
    ...(reason === undefined ? [] : [say(reason)]),
    ...(elsewhere === undefined ? [] : [elsewhereText(elsewhere, say)]),
    ...(analogue === undefined ? [] : [analogueText(analogue, say)]),
  ]
    .filter((text) => text !== '')
    .join('; ');
}

const elsewhereText = ({ device, outcome, effects }: Elsewhere, say: Say): string => {
  const where = say({
    en: `on this ${device.toUpperCase()} ${CARRIES[outcome].en}`,
    ja: `この ${device.toUpperCase()} では${CARRIES[outcome].ja}`,
  });
  return `${where}: ${effectsText(effects, say)}`;
};

const analogueText = (analogue: Analogue, say: Say): string => {
  const names = Object.entries(analogue.engines).map(([engine, stand]) => ({
    en: `${stand} for ${engine}`,
    ja: `${engine} の代わりに ${stand}`,
  }));
  const start = {
    en: `analogue with ${names.map(({ en }) => en).join(', ')}`,
    ja: `類似の比較（${names.map(({ ja }) => ja).join('、')}）`,
  };
  return `${say(start)}: ${elsewhereText(analogue, say)}`;
};

/** One effect in full; of several the least and the largest with their intervals, and the bounds that they were held against. */
function effectsText(effects: readonly Effect[], say: Say): string {
  const facts = effects.filter(isFact).map((fact) => effectText(fact, say));
  const values = effects.filter((effect) => !isFact(effect));
  const [only] = values;
  if (values.length === 0) return facts.slice(0, 4).join('; ');
  if (values.length === 1 && only !== undefined) return [...facts, effectText(only, say)].join('; ');
  const groups = new Map<string, Effect[]>();
  for (const effect of values) {
    const key = `${effect.unit.en}, ${effect.bound.en}`;
    groups.set(key, [...(groups.get(key) ?? []), effect]);
  }
  return [...facts.slice(0, 4), ...[...groups.values()].map((group) => rangeText(group, say))].join('; ');
}

function rangeText(effects: readonly Effect[], say: Say): string {
  const values = effects
    .flatMap(({ value }) => (value.kind === 'value' ? [value.value] : []))
    .sort((a, b) => a.mean - b.mean);
  const [first] = effects;
  const [unit, bound] = first === undefined ? ['', ''] : [say(first.unit), say(first.bound)];
  const [least, most] = [values[0], values.at(-1)];
  if (least === undefined || most === undefined)
    return say({ en: `${unit}: no value`, ja: `${unit}: 値なし` });
  const [low, high] = [withInterval(least), withInterval(most)];
  const range = say({
    en: `${unit} ${low} to ${high} over ${effects.length} comparisons`,
    ja: `${unit} ${low}〜${high}（${effects.length} 件の比較）`,
  });
  return bound === '' ? range : `${range} (${bound})`;
}

/** `ratio 1.53 [1.48, 1.58] (at least 1.5): throughput, a / b`. */
export function effectText(effect: Effect, say: Say): string {
  const { name, value, bound, unit } = effect;
  const margin = bound.en === '' ? '' : say({ en: ` (${bound.en})`, ja: `（${bound.ja}）` });
  if (value.kind === 'missing') {
    return `${say(name)}: ${say(value.reason)}${isFact(effect) ? '' : margin}`;
  }
  return `${say(unit)} ${withInterval(value.value)}${margin}: ${say(name)}`;
}

/** `1.53 [1.48, 1.58]`; the value alone where it has no interval. */
function withInterval({ mean, interval }: Estimate): string {
  const range =
    interval.kind === 'value' ? ` [${number(interval.value.low)}, ${number(interval.value.high)}]` : '';
  return `${number(mean)}${range}`;
}

const number = (value: number): string => {
  const size = Math.abs(value);
  return formatNumber(value, size >= 1000 ? 0 : size >= 100 ? 1 : size >= 1 ? 2 : 3);
};

/** How the verdicts were made, and whose margins they are. */
export const methodText = ({ marginsHash, errorRate }: ClaimsSection): Words => ({
  en: `Margins are ours, fixed in the study file before it ran (hash ${marginsHash}). Verdicts on all claims are decided together by Holm's procedure: the probability that one of them or more is wrong is at most ${formatNumber(errorRate * 100, 0)} %. Ratios are paired by round; their tests hold the spread of a comparison together with that of all comparisons of its metric (moderated t). Values in brackets are 95 % intervals of one comparison.`,
  ja: `マージンは Hayasa のもので、実行前にスタディファイルで固定しています（ハッシュ ${marginsHash}）。全主張の判定は Holm の手順で一緒に決めます: 一つでも誤りがある確率は最大 ${formatNumber(errorRate * 100, 0)} % です。比はラウンドごとの対により、その検定ではばらつきを同じ指標のすべての比較と合わせて見積もります（moderated t）。角括弧の値は比較 1 件だけの 95 % 信頼区間です。`,
});

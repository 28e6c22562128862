/** Verdicts in words: the same for the terminal, Markdown and `hayasa claims`. */
import type { Effect } from '../verdicts/evidence.ts';
import type { Analogue, Elsewhere, Outcome, Verdict } from '../verdicts/judge.ts';
import type { ClaimsSection } from './claims.ts';
import { formatNumber } from './numbers.ts';

const OUTCOMES: Readonly<Record<Outcome, string>> = {
  supported: 'supported',
  refuted: 'refuted',
  undecided: 'undecided',
  'not-measured': 'not measured here',
};

/** Of a verdict without its details. */
export const outcomeName = (outcome: Outcome): string => OUTCOMES[outcome];

const CARRIES: Readonly<Record<Elsewhere['outcome'], string>> = {
  'carries-over': 'carries over',
  'does-not-carry-over': 'does not carry over',
  undecided: 'undecided whether it carries over',
};

/** `supported`, with how much of it was measured where that is not everything. */
export const outcomeText = ({ outcome, effects, missing }: Verdict): string =>
  outcome === 'not-measured' || missing.length === 0
    ? OUTCOMES[outcome]
    : `${OUTCOMES[outcome]} (${effects.length} measured; ${missing.length} cells missing)`;

/** What was found: effects against their margins, or why there are none; then other devices and stand-ins. */
export function findingText(verdict: Verdict): string {
  const { effects, reason, elsewhere, analogue } = verdict;
  return [
    effectsText(effects),
    ...(reason === undefined ? [] : [reason]),
    ...(elsewhere === undefined ? [] : [elsewhereText(elsewhere)]),
    ...(analogue === undefined ? [] : [analogueText(analogue)]),
  ]
    .filter((text) => text !== '')
    .join('; ');
}

const elsewhereText = ({ device, outcome, effects }: Elsewhere): string =>
  `on this ${device.toUpperCase()} it ${CARRIES[outcome].replace('undecided', 'is undecided')}: ${effectsText(effects)}`;

const analogueText = (analogue: Analogue): string => {
  const names = Object.entries(analogue.engines).map(([engine, stand]) => `${stand} for ${engine}`);
  return `analogue with ${names.join(', ')}: ${elsewhereText(analogue)}`;
};

/** One effect in full; of several the range of their means, and the bounds that they were held against. */
function effectsText(effects: readonly Effect[]): string {
  const facts = effects.flatMap(({ unit, name, value }) =>
    unit === 'fact' && value.kind === 'missing' ? [`${name}: ${value.reason}`] : [],
  );
  const values = effects.filter(({ unit }) => unit !== 'fact');
  const [only] = values;
  if (values.length === 0) return facts.slice(0, 4).join('; ');
  if (values.length === 1 && only !== undefined) return [...facts, effectText(only)].join('; ');
  const groups = new Map<string, Effect[]>();
  for (const effect of values) {
    const key = `${effect.unit}, ${effect.bound}`;
    groups.set(key, [...(groups.get(key) ?? []), effect]);
  }
  return [...facts.slice(0, 4), ...[...groups.values()].map(rangeText)].join('; ');
}

function rangeText(effects: readonly Effect[]): string {
  const means = effects.flatMap(({ value }) => (value.kind === 'value' ? [value.value.mean] : []));
  const [first] = effects;
  const { unit = '', bound = '' } = first ?? {};
  if (means.length === 0) return `${unit}: no value`;
  const range = `${number(Math.min(...means))} to ${number(Math.max(...means))}`;
  return `${unit} ${range} over ${effects.length} comparisons${bound === '' ? '' : ` (${bound})`}`;
}

/** `ratio 1.53 [1.48, 1.58] (at least 1.5): throughput, a / b`. */
export function effectText({ name, value, bound, unit }: Effect): string {
  const margin = bound === '' ? '' : ` (${bound})`;
  if (value.kind === 'missing')
    return unit === 'fact' ? `${name}: ${value.reason}` : `${name}: ${value.reason}${margin}`;
  const { mean, interval } = value.value;
  const range =
    interval.kind === 'value' ? ` [${number(interval.value.low)}, ${number(interval.value.high)}]` : '';
  return `${unit} ${number(mean)}${range}${margin}: ${name}`;
}

const number = (value: number): string => {
  const size = Math.abs(value);
  return formatNumber(value, size >= 1000 ? 0 : size >= 100 ? 1 : size >= 1 ? 2 : 3);
};

/** How the verdicts were made, and whose margins they are. */
export const methodText = ({ marginsHash, errorRate }: ClaimsSection): string =>
  `Margins are ours, fixed in the study file before it ran (hash ${marginsHash}). Verdicts on all claims are decided together by Holm's procedure: the probability that one of them or more is wrong is at most ${formatNumber(errorRate * 100, 0)} %. Ratios are paired by round. Values in brackets are 95 % intervals of one comparison.`;

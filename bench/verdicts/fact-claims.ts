/** Claims on the facts of a simulated study, each with what is true of it there. */
import type { FailureCause } from '../../src/protocol/failure.ts';
import { type KnownClaim, type Truth, threeClaims } from './claims.ts';
import { type Facts, type Fate, LOAD_RATIO, MEMORY_RATIO, type Report, SETTING, TOO_HEAVY } from './facts.ts';

export const factClaims = ({ report, fates }: Facts): KnownClaim[] => [
  ...threeClaims('memory', 'memory', 'for: {device: cpu}, of: {engine: a}, to: {engine: b}', {
    open: `atMost: ${MEMORY_RATIO}`,
    true: 'atMost: 1',
    false: 'atMost: 0.35',
  }),
  ...threeClaims(
    'metric-ratio',
    'metric-ratio',
    'for: {engine: a, device: cpu}, metric: model-load-time, toMetric: process-start-time',
    { open: `atLeast: ${LOAD_RATIO}`, true: 'atLeast: 2', false: 'atLeast: 8' },
  ),
  reports(0, report),
  reports(12, report),
  ...bothWays('capability', 'ran', '{engine: a, device: cpu}', 'true'),
  ...bothWays('capability', 'declared', "{engine: a, device: 'cuda:0'}", 'false'),
  ...bothWays('capability', 'partly-unknown', "{engine: [a, d], device: 'cuda:0'}", 'open'),
  ...bothWays('capability', 'one-of-two', '{engine: [a, d], device: cpu}', 'true'),
  ...bothWays(
    'capability',
    'tried',
    '{engine: c, precision: w8, device: cpu}',
    works(fates.w8) ? 'true' : 'open',
  ),
  ...bothWays('conversion', 'one', '{engine: c, precision: w8, device: cpu}', convertible([fates.w8])),
  ...bothWays('conversion', 'both', '{engine: c, device: cpu}', convertible([fates.w8, fates.w4])),
  ...bothWays('conversion', 'unknown', '{engine: d, device: cpu}', 'open'),
];

function reports(equals: number, report: Report): KnownClaim {
  const truth: Truth = report === 'silent' ? 'open' : report === 'alike' && equals === 0 ? 'true' : 'false';
  const fields = `for: {engine: a, device: cpu}, setting: ${SETTING}, equals: ${equals}`;
  return { id: `reports.${equals}`, kind: 'reports', fields, truth };
}

/** That it is possible, and that it is not; `possible` is the truth of the former. */
const bothWays = (kind: string, name: string, cells: string, possible: Truth): KnownClaim[] =>
  [true, false].map((claimed) => ({
    id: `${kind}.${name}.${claimed ? 'can' : 'cannot'}`,
    kind,
    fields: `for: ${cells}, possible: ${claimed}, stated: something else`,
    truth: claimed ? possible : opposite(possible),
  }));

function opposite(truth: Truth): Truth {
  switch (truth) {
    case 'true':
      return 'false';
    case 'false':
      return 'true';
    case 'open':
      return 'open';
  }
}

const works = ({ kind }: Fate): boolean => kind !== 'fails';

/** All of them, where all worked; not, where one was too heavy; else unknown. */
function convertible(fates: readonly Fate[]): Truth {
  if (fates.every(works)) return 'true';
  return fates.some((fate) => fate.kind === 'fails' && isTooHeavy(fate.cause)) ? 'false' : 'open';
}

const isTooHeavy = (cause: FailureCause): boolean => TOO_HEAVY.some((one) => one === cause);

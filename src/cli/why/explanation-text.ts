/** Why one cell is faster than another, on a terminal. */
import type { Maybe } from '../../kernel/maybe.ts';
import { counted, formatNumber, formatRatio, formatShare } from '../../report/numbers.ts';
import type { Explanation, OperatorTime, PhaseExplanation, PhaseWork } from '../../why/model.ts';
import { formatBytes, significant } from '../ui/numbers.ts';
import { table } from '../ui/table.ts';
import type { Colors } from '../ui/terminal.ts';

export function explanationText(explanation: Explanation, colors: Colors): string {
  const { a, b, comparison, decode, prefill, caveats } = explanation;
  const ratio =
    comparison.ratio.kind === 'missing'
      ? `no ratio: ${comparison.ratio.reason}`
      : `${formatRatio(comparison.ratio.value)} (${comparison.outcome}; ${comparison.ratio.value.rule})`;
  return [
    `A: ${a.label}`,
    `B: ${b.label}`,
    '',
    colors.bold(`Throughput of B against A: ${ratio}`),
    '',
    ...phaseLines('One decode step', decode, colors),
    ...phaseLines('Prefill of the batch', prefill, colors),
    ...operatorLines(explanation, colors),
    ...(caveats.length === 0
      ? []
      : [
          '',
          colors.bold('Caveats'),
          ...caveats.map(({ severity, text }) =>
            severity === 'note' ? `- ${text}` : colors.yellow(`- ${severity}: ${text}`),
          ),
        ]),
  ].join('\n');
}

function phaseLines(title: string, { a, b, factors }: PhaseExplanation, colors: Colors): string[] {
  if (a.kind === 'missing' && b.kind === 'missing') {
    return [colors.bold(title), `  not explained: ${a.reason}`, ''];
  }
  const row = (name: string, text: (work: PhaseWork) => string, ratio: string): string[] => [
    name,
    textOf(a, text),
    textOf(b, text),
    ratio,
  ];
  const ratioOf = (value: (work: PhaseWork) => number): string =>
    a.kind === 'value' && b.kind === 'value' ? times(value(b.value) / value(a.value)) : '–';
  return [
    colors.bold(title),
    table(
      [
        { title: '' },
        { title: 'A', align: 'right' },
        { title: 'B', align: 'right' },
        { title: 'B / A', align: 'right' },
      ],
      [
        row(
          'time',
          ({ step_s }) => milliseconds(step_s),
          ratioOf(({ step_s }) => step_s),
        ),
        row(
          'bytes',
          ({ totalBytes }) => formatBytes(totalBytes),
          ratioOf(({ totalBytes }) => totalBytes),
        ),
        row(
          '  weights',
          ({ weightBytes }) => formatBytes(weightBytes),
          ratioOf(({ weightBytes }) => weightBytes),
        ),
        row(
          '  KV cache',
          ({ kvBytes }) => formatBytes(kvBytes),
          ratioOf(({ kvBytes }) => kvBytes),
        ),
        row(
          'FLOPs',
          ({ flops }) => `${significant(flops / 1e6)} M`,
          ratioOf(({ flops }) => flops),
        ),
        row(
          'least time by the roofs',
          ({ roof }) =>
            roof.kind === 'missing' ? '–' : `${milliseconds(roof.value.least_s)} (${roof.value.bound})`,
          '',
        ),
        row('share of the roofline', ({ roofShare }) => shareText(roofShare), ''),
      ],
    ),
    ...factorLines(factors),
    '',
  ];
}

function factorLines(factors: PhaseExplanation['factors']): string[] {
  if (factors.kind === 'missing') return [`  not split into factors: ${factors.reason}`];
  const { speed, work, use } = factors.value;
  return [
    `  B is ${times(speed)} as fast = ${times(work)} from its work (bytes and FLOPs against the roofs) x ${times(use)} from using more or less of what the machine allows`,
  ];
}

/** Operators below this share of both steps are summed up. */
const SHOWN_SHARE = 0.005;

function operatorLines({ operators, idle, a, b }: Explanation, colors: Colors): string[] {
  const reasons = [
    ...(a.profile.kind === 'missing' ? [`  A has no profile: ${a.profile.reason}`] : []),
    ...(b.profile.kind === 'missing' ? [`  B has no profile: ${b.profile.reason}`] : []),
  ];
  const title = colors.bold('Kernels of one decode step, by operator (an untimed launch under the profiler)');
  if (operators.length === 0) return [title, ...reasons];
  const isLarge = ({ a: one, b: other }: (typeof operators)[number]): boolean =>
    Math.max(one?.share ?? 0, other?.share ?? 0) >= SHOWN_SHARE;
  const small = operators.filter((operator) => !isLarge(operator));
  const sum = (side: 'a' | 'b'): OperatorTime | undefined => {
    const known = small.flatMap((operator) => operator[side] ?? []);
    if (known.length === 0) return undefined;
    return {
      callsPerStep: known.reduce((total, { callsPerStep }) => total + callsPerStep, 0),
      step_ns: known.reduce((total, { step_ns }) => total + step_ns, 0),
      share: known.reduce((total, { share }) => total + share, 0),
    };
  };
  const rows = [
    ...operators.filter(isLarge),
    ...(small.length === 0 ? [] : [{ name: counted(small.length, 'other'), a: sum('a'), b: sum('b') }]),
  ];
  return [
    title,
    table(
      [
        { title: 'operator' },
        ...['A', 'B'].flatMap((side) => [
          { title: `${side}: calls`, align: 'right' as const },
          { title: 'µs', align: 'right' as const },
          { title: 'share', align: 'right' as const },
        ]),
        { title: 'B - A (µs)', align: 'right' },
      ],
      [
        ...rows.map(({ name, a: one, b: other }) => [
          name,
          ...operatorCells(one),
          ...operatorCells(other),
          one === undefined || other === undefined ? '–' : microseconds(other.step_ns - one.step_ns),
        ]),
        ['no kernel (idle)', '', '', shareText(idle.a), '', '', shareText(idle.b), ''],
      ],
    ),
    ...reasons,
    ...(a.profile.kind === 'value' ? [`  A: ${a.profile.value.method}`] : []),
    ...(b.profile.kind === 'value' ? [`  B: ${b.profile.value.method}`] : []),
  ];
}

const operatorCells = (time: OperatorTime | undefined): string[] =>
  time === undefined
    ? ['–', '–', '–']
    : [formatNumber(time.callsPerStep, 0), microseconds(time.step_ns), formatShare(time.share)];

const textOf = (work: Maybe<PhaseWork>, text: (work: PhaseWork) => string): string =>
  work.kind === 'missing' ? '–' : text(work.value);

const shareText = (share: Maybe<number>): string =>
  share.kind === 'missing' ? '–' : formatShare(share.value);
const milliseconds = (seconds: number): string => `${formatNumber(seconds * 1000, 3)} ms`;
const microseconds = (ns: number): string => formatNumber(ns / 1000, 1);
const times = (ratio: number): string => `${formatNumber(ratio, 2)}x`;

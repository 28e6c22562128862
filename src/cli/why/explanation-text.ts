/** Why one cell is faster than another, on a terminal. */
import { outcomeWord } from '../../compare/verdict.ts';
import type { Say, Words } from '../../kernel/language.ts';
import type { Maybe } from '../../kernel/maybe.ts';
import { throughput } from '../../metrics/throughput.ts';
import { caveatLine, TITLES } from '../../report/formats/sections.ts';
import { counted, formatNumber, formatRatio, formatShare } from '../../report/numbers.ts';
import type { Explanation, OperatorTime, PhaseExplanation, PhaseWork } from '../../why/model.ts';
import { formatBytes, significant } from '../ui/numbers.ts';
import { table } from '../ui/table.ts';
import type { Colors } from '../ui/terminal.ts';

export function explanationText(explanation: Explanation, colors: Colors, say: Say): string {
  const { a, b, comparison, decode, prefill, caveats } = explanation;
  const ratio =
    comparison.ratio.kind === 'missing'
      ? say({ en: `no ratio: ${comparison.ratio.reason}`, ja: `比なし: ${comparison.ratio.reason}` })
      : `${formatRatio(comparison.ratio.value)} (${say(outcomeWord(comparison.outcome, throughput))}; ${comparison.ratio.value.rule})`;
  return [
    `A: ${a.label}`,
    `B: ${b.label}`,
    '',
    colors.bold(
      say({ en: `Throughput of B against A: ${ratio}`, ja: `A に対する B のスループット: ${ratio}` }),
    ),
    '',
    ...phaseLines(say({ en: 'One decode step', ja: 'デコード 1 ステップ' }), decode, colors, say),
    ...phaseLines(say({ en: 'Prefill of the batch', ja: 'バッチのプリフィル' }), prefill, colors, say),
    ...operatorLines(explanation, colors, say),
    ...(caveats.length === 0
      ? []
      : [
          '',
          colors.bold(say(TITLES.caveats)),
          ...caveats.map((caveat) => {
            const line = `- ${caveatLine(caveat, say)}`;
            return caveat.severity === 'note' ? line : colors.yellow(line);
          }),
        ]),
  ].join('\n');
}

function phaseLines(title: string, { a, b, factors }: PhaseExplanation, colors: Colors, say: Say): string[] {
  if (a.kind === 'missing' && b.kind === 'missing') {
    return [
      colors.bold(title),
      say({ en: `  not explained: ${a.reason}`, ja: `  説明なし: ${a.reason}` }),
      '',
    ];
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
          say({ en: 'time', ja: '時間' }),
          ({ step_s }) => milliseconds(step_s),
          ratioOf(({ step_s }) => step_s),
        ),
        row(
          say({ en: 'bytes', ja: 'バイト' }),
          ({ totalBytes }) => formatBytes(totalBytes),
          ratioOf(({ totalBytes }) => totalBytes),
        ),
        row(
          say({ en: '  weights', ja: '  重み' }),
          ({ weightBytes }) => formatBytes(weightBytes),
          ratioOf(({ weightBytes }) => weightBytes),
        ),
        row(
          say({ en: '  KV cache', ja: '  KV キャッシュ' }),
          ({ kvBytes }) => formatBytes(kvBytes),
          ratioOf(({ kvBytes }) => kvBytes),
        ),
        row(
          'FLOPs',
          ({ flops }) => `${significant(flops / 1e6)} M`,
          ratioOf(({ flops }) => flops),
        ),
        row(
          say({ en: 'least time by the roofs', ja: 'ルーフによる最短時間' }),
          ({ roof }) =>
            roof.kind === 'missing'
              ? '–'
              : `${milliseconds(roof.value.least_s)} (${say(BOUNDS[roof.value.bound])})`,
          '',
        ),
        row(
          say({ en: 'share of the roofline', ja: 'ルーフラインに対する割合' }),
          ({ roofShare }) => shareText(roofShare),
          '',
        ),
      ],
    ),
    ...factorLines(factors, say),
    '',
  ];
}

function factorLines(factors: PhaseExplanation['factors'], say: Say): string[] {
  if (factors.kind === 'missing')
    return [
      say({
        en: `  not split into factors: ${factors.reason}`,
        ja: `  因子に分けられません: ${factors.reason}`,
      }),
    ];
  const { speed, work, use } = factors.value;
  return [
    say({
      en: `  B is ${times(speed)} as fast = ${times(work)} from its work (bytes and FLOPs against the roofs) x ${times(use)} from using more or less of what the machine allows`,
      ja: `  B の速さは ${times(speed)} = 仕事の量（ルーフに対するバイトと FLOPs）による ${times(work)} × マシンの能力をどれだけ使うかによる ${times(use)}`,
    }),
  ];
}

const BOUNDS: Readonly<Record<'memory' | 'compute', Words>> = {
  memory: { en: 'memory', ja: 'メモリ' },
  compute: { en: 'compute', ja: '計算' },
};

/** Operators below this share of both steps are summed up. */
const SHOWN_SHARE = 0.005;

function operatorLines({ operators, idle, a, b }: Explanation, colors: Colors, say: Say): string[] {
  const reasons = [
    ...(a.profile.kind === 'missing'
      ? [
          say({
            en: `  A has no profile: ${a.profile.reason}`,
            ja: `  A のプロファイルなし: ${a.profile.reason}`,
          }),
        ]
      : []),
    ...(b.profile.kind === 'missing'
      ? [
          say({
            en: `  B has no profile: ${b.profile.reason}`,
            ja: `  B のプロファイルなし: ${b.profile.reason}`,
          }),
        ]
      : []),
  ];
  const title = colors.bold(
    say({
      en: 'Kernels of one decode step, by operator (an untimed launch under the profiler)',
      ja: 'デコード 1 ステップのカーネル、演算別（プロファイラーの下での、時間に数えない起動）',
    }),
  );
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
    ...(small.length === 0
      ? []
      : [
          {
            name: say({ en: counted(small.length, 'other'), ja: `他 ${small.length} 件` }),
            a: sum('a'),
            b: sum('b'),
          },
        ]),
  ];
  return [
    title,
    table(
      [
        { title: say({ en: 'operator', ja: '演算' }) },
        ...['A', 'B'].flatMap((side) => [
          { title: say({ en: `${side}: calls`, ja: `${side}: 呼び出し` }), align: 'right' as const },
          { title: 'µs', align: 'right' as const },
          { title: say({ en: 'share', ja: '割合' }), align: 'right' as const },
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
        [
          say({ en: 'no kernel (idle)', ja: 'カーネルなし（空き）' }),
          '',
          '',
          shareText(idle.a),
          '',
          '',
          shareText(idle.b),
          '',
        ],
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

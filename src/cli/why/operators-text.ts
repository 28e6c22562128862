/** Kernels of one decode step of both sides, by operator, on a terminal. */
import type { Say } from '../../kernel/language.ts';
import type { Maybe } from '../../kernel/maybe.ts';
import { counted, formatNumber, formatShare } from '../../report/numbers.ts';
import type { Explanation, OperatorTime } from '../../why/model.ts';
import { table } from '../ui/table.ts';
import type { Colors } from '../ui/terminal.ts';

/** Operators below this share of both steps are summed up. */
const SHOWN_SHARE = 0.005;

/** The table of operators, or why there is none. */
export function operatorLines({ operators, idle, a, b }: Explanation, colors: Colors, say: Say): string[] {
  const reasons = [
    ...(a.profile.kind === 'missing'
      ? [
          say({
            en: `  A has no profile: ${a.profile.reason.en}`,
            ja: `  A のプロファイルなし: ${a.profile.reason.ja}`,
          }),
        ]
      : []),
    ...(b.profile.kind === 'missing'
      ? [
          say({
            en: `  B has no profile: ${b.profile.reason.en}`,
            ja: `  B のプロファイルなし: ${b.profile.reason.ja}`,
          }),
        ]
      : []),
  ];
  const title = colors.bold(
    say({
      en: 'Kernels of one decode step, by operator (one untimed launch under the profiler: no intervals)',
      ja: 'デコード 1 ステップのカーネル、演算別（プロファイラーの下での、時間に数えない起動 1 回: 区間なし）',
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

const microseconds = (ns: number): string => formatNumber(ns / 1000, 1);

const shareText = (share: Maybe<number>): string =>
  share.kind === 'missing' ? '–' : formatShare(share.value);

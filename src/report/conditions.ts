/** The conditions under which the numbers hold: machine, versions, roofs, size of the run. */
import { repeatCount } from '../journal/packed-repeats.ts';
import type { JournalState } from '../journal/state.ts';
import { same, type Words } from '../kernel/language.ts';
import { quantile } from '../stats/quantiles.ts';
import type { Fact, ReportEnvironment } from './input.ts';
import { counted, formatNumber } from './numbers.ts';

/** Facts in the order in which they are printed. */
export function conditions(environment: ReportEnvironment, state: JournalState): Fact[] {
  return [...environment.facts, ...versions(state), ...roofs(state), ...probes(state), ...size(state)];
}

/** Library versions as the workers reported them; several values mean that the run mixed versions. */
function versions(state: JournalState): Fact[] {
  const seen = new Map<string, Set<string>>();
  for (const { ready } of state.launches) {
    for (const [name, version] of Object.entries(ready?.versions ?? {})) {
      seen.set(name, (seen.get(name) ?? new Set()).add(version));
    }
  }
  return [...seen]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, values]) => ({ name: same(name), value: same([...values].join(', ')) }));
}

function roofs({ roofs: measured }: JournalState): Fact[] {
  if (measured === undefined) return [];
  const { memoryReadBytesPerSecond, matrixMultiplyFlops, threads } = measured;
  return [
    ...(memoryReadBytesPerSecond === undefined
      ? []
      : [
          {
            name: { en: 'measured memory read', ja: '測定したメモリ読み出し' },
            value: withThreads(`${formatNumber(memoryReadBytesPerSecond / 1e9, 1)} GB/s`, threads),
          },
        ]),
    ...Object.entries(matrixMultiplyFlops).map(([format, flops]) => ({
      name: { en: `measured matrix multiply, ${format}`, ja: `測定した行列積（${format}）` },
      value: withThreads(
        `${formatNumber(flops / 1e9, 0)} ${format.startsWith('int') ? 'GOP/s' : 'GFLOP/s'}`,
        threads,
      ),
    })),
  ];
}

/** What the short probe after each launch read of the memory: how even the machine was. It compares with other probes only. */
function probes({ launches }: JournalState): Fact[] {
  const read = launches.flatMap(({ roofs: probe }) => probe?.memoryReadBytesPerSecond ?? []);
  const middle = quantile(read, 0.5);
  if (middle.kind === 'missing') return [];
  const rate = (bytesPerSecond: number): string => formatNumber(bytesPerSecond / 1e9, 1);
  return [
    {
      name: {
        en: 'memory read by the probe after each launch',
        ja: '各起動後のプローブのメモリ読み出し',
      },
      value: {
        en: `median ${rate(middle.value)} GB/s, ${rate(Math.min(...read))} to ${rate(Math.max(...read))} over ${counted(read.length, 'launch', 'launches')}`,
        ja: `中央値 ${rate(middle.value)} GB/s、${rate(Math.min(...read))}〜${rate(Math.max(...read))}（${formatNumber(read.length, 0)} 起動）`,
      },
    },
  ];
}

const withThreads = (rate: string, threads: number): Words => ({
  en: `${rate} (${counted(threads, 'thread')})`,
  ja: `${rate}（${formatNumber(threads, 0)} スレッド）`,
});

function size(state: JournalState): Fact[] {
  const repeats = state.launches.reduce(
    (total, launch) =>
      total + [...launch.cells.values()].reduce((sum, cell) => sum + repeatCount(cell.repeats), 0),
    0,
  );
  const began = state.invocations[0]?.wallTime;
  const copies = state.copiesRemoved.reduce((sum, { entries }) => sum + entries.length, 0);
  return [
    ...(copies === 0
      ? []
      : [
          {
            name: { en: 'converted copies', ja: '変換した写し' },
            value: {
              en: `${formatNumber(copies, 0)} removed between launches (--cache-limit)`,
              ja: `起動の間に ${formatNumber(copies, 0)} 個を削除（--cache-limit）`,
            },
          },
        ]),
    {
      name: { en: 'run', ja: '実行' },
      value: {
        en: [
          counted(state.launches.length, 'launch', 'launches'),
          counted(repeats, 'repeat'),
          ...(began === undefined ? [] : [`begun ${began}`]),
        ].join(', '),
        ja: [
          `${formatNumber(state.launches.length, 0)} 起動`,
          `${formatNumber(repeats, 0)} 反復`,
          ...(began === undefined ? [] : [`開始 ${began}`]),
        ].join('、'),
      },
    },
  ];
}

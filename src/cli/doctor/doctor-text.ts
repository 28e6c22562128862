/** The doctor's findings as text. Pure. */

import type { Noise } from '../../journal/record-parts.ts';
import type { Say } from '../../kernel/language.ts';
import type { Maybe } from '../../kernel/maybe.ts';
import type { MachineFacts } from '../../machine/facts.ts';
import type { RoofsReport } from '../../machine/roofs/roofs.ts';
import { healthText } from '../engines/survey.ts';
import { formatBandwidth, formatBytes, formatRate, formatShare } from '../ui/numbers.ts';
import { definitionList } from '../ui/table.ts';
import type { Examination } from './advice.ts';

type Entry = readonly [name: string, value: string];

export function doctorText(examination: Examination, advice: readonly string[], say: Say): string {
  const { facts, fingerprint, noise, roofs, engines } = examination;
  return [
    section(say({ en: 'Machine', ja: 'マシン' }), [
      ...machineEntries(facts, say),
      [say({ en: 'fingerprint', ja: '指紋' }), fingerprint],
    ]),
    section('CPU', cpuEntries(facts, say)),
    section(say({ en: 'Memory', ja: 'メモリ' }), memoryEntries(facts, say)),
    section(
      say({
        en: `Roofs, measured with ${roofs.roofs.threads} thread${roofs.roofs.threads === 1 ? '' : 's'}`,
        ja: `ルーフ（${roofs.roofs.threads} スレッドで実測）`,
      }),
      roofEntries(roofs, say),
    ),
    section(
      say({
        en: `Noise over ${(noise.window_ns / 1e9).toFixed(1)} s`,
        ja: `ノイズ（${(noise.window_ns / 1e9).toFixed(1)} 秒間）`,
      }),
      noiseEntries(noise, say),
    ),
    section(
      say({ en: 'Engines', ja: 'エンジン' }),
      engines.map(({ declaration, health }) => [declaration.id, healthText(health, say)] as const),
    ),
    [
      say({ en: 'Advice', ja: '助言' }),
      ...(advice.length === 0
        ? [say({ en: '  nothing to do', ja: '  することはありません' })]
        : advice.map((line) => `  - ${line}`)),
    ].join('\n'),
  ].join('\n\n');
}

const section = (title: string, entries: readonly Entry[]): string => `${title}\n${definitionList(entries)}`;

/** The value as text, or why it is missing. */
function shown<T>(say: Say, maybe: Maybe<T>, format: (value: T) => string = String): string {
  return maybe.kind === 'value' ? format(maybe.value) : `- (${say(maybe.reason)})`;
}

const machineEntries = (facts: MachineFacts, say: Say): Entry[] => [
  [
    say({ en: 'system', ja: 'システム' }),
    say({
      en: `${shown(say, facts.operatingSystem)}, kernel ${shown(say, facts.kernel)}, ${facts.architecture}`,
      ja: `${shown(say, facts.operatingSystem)}、カーネル ${shown(say, facts.kernel)}、${facts.architecture}`,
    }),
  ],
  [say({ en: 'hypervisor', ja: 'ハイパーバイザー' }), shown(say, facts.hypervisor)],
  [say({ en: 'container', ja: 'コンテナー' }), shown(say, facts.limits.container)],
  [
    say({ en: 'limits', ja: '上限' }),
    say({
      en: `CPU ${shown(say, facts.limits.cpuQuota)}, memory ${shown(say, facts.limits.memoryLimitBytes, formatBytes)}`,
      ja: `CPU ${shown(say, facts.limits.cpuQuota)}、メモリ ${shown(say, facts.limits.memoryLimitBytes, formatBytes)}`,
    }),
  ],
  ['Node', facts.nodeVersion],
];

const cpuEntries = ({ cpu }: MachineFacts, say: Say): Entry[] => [
  [say({ en: 'model', ja: '型番' }), shown(say, cpu.model)],
  [
    say({ en: 'identity', ja: '識別' }),
    say({
      en: `family ${shown(say, cpu.family)}, model ${shown(say, cpu.modelNumber)}, stepping ${shown(say, cpu.stepping)}, microcode ${shown(say, cpu.microcode)}`,
      ja: `family ${shown(say, cpu.family)}、model ${shown(say, cpu.modelNumber)}、stepping ${shown(say, cpu.stepping)}、microcode ${shown(say, cpu.microcode)}`,
    }),
  ],
  [
    say({ en: 'cores', ja: 'コア' }),
    say({
      en: `${cpu.logicalCpus} logical, ${shown(say, cpu.physicalCores)} physical, ${shown(say, cpu.sockets)} socket(s), ${shown(say, cpu.numaNodes)} NUMA node(s)`,
      ja: `論理 ${cpu.logicalCpus}、物理 ${shown(say, cpu.physicalCores)}、ソケット ${shown(say, cpu.sockets)}、NUMA ノード ${shown(say, cpu.numaNodes)}`,
    }),
  ],
  ['SMT', shown(say, cpu.smt, (on) => (on ? say({ en: 'on', ja: 'あり' }) : say({ en: 'off', ja: 'なし' })))],
  [
    say({ en: 'caches', ja: 'キャッシュ' }),
    shown(say, cpu.caches, (caches) =>
      caches
        .filter(({ type }) => type !== 'Instruction')
        .map(
          ({ level, bytes, sharedBy }) =>
            `L${level} ${formatBytes(bytes)}${sharedBy > 1 ? say({ en: ` for ${sharedBy} CPUs`, ja: `（${sharedBy} CPU で共有）` }) : ''}`,
        )
        .join(', '),
    ),
  ],
  [
    say({ en: 'instructions', ja: '命令セット' }),
    cpu.instructionSets.join(', ') || say({ en: '- (none named)', ja: '-（名のあるものなし）' }),
  ],
  [
    say({ en: 'flags', ja: 'フラグ' }),
    say({
      en: `${cpu.flags.length} (all of them with --json)`,
      ja: `${cpu.flags.length}（--json ですべて）`,
    }),
  ],
  [
    say({ en: 'clock', ja: 'クロック' }),
    say({
      en: `${shown(say, cpu.current_MHz, (value) => `${value} MHz`)}, at most ${shown(say, cpu.maximum_MHz, (value) => `${value} MHz`)}`,
      ja: `${shown(say, cpu.current_MHz, (value) => `${value} MHz`)}、最大 ${shown(say, cpu.maximum_MHz, (value) => `${value} MHz`)}`,
    }),
  ],
  [say({ en: 'governor', ja: 'ガバナー' }), shown(say, cpu.governor)],
];

const memoryEntries = ({ memory }: MachineFacts, say: Say): Entry[] => [
  [say({ en: 'total', ja: '合計' }), formatBytes(memory.totalBytes)],
  [say({ en: 'available', ja: '使用可能' }), shown(say, memory.availableBytes, formatBytes)],
  [say({ en: 'swap', ja: 'スワップ' }), shown(say, memory.swapBytes, formatBytes)],
  [say({ en: 'huge pages', ja: 'ヒュージページ' }), shown(say, memory.transparentHugePages)],
];

function roofEntries({ roofs, methods, failures }: RoofsReport, say: Say): Entry[] {
  const method = (what: string): string => {
    const how = methods[what];
    return how === undefined ? '' : `  (${say(how)})`;
  };
  return [
    ...(roofs.memoryReadBytesPerSecond === undefined
      ? []
      : [
          [
            say({ en: 'memory read', ja: 'メモリ読み出し' }),
            `${formatBandwidth(roofs.memoryReadBytesPerSecond)}${method('memory')}`,
          ] as const,
        ]),
    ...Object.entries(roofs.matrixMultiplyFlops).map(
      ([dtype, rate]) =>
        [
          say({ en: `multiply ${dtype}`, ja: `行列積 ${dtype}` }),
          `${formatRate(rate, dtype)}${method(dtype)}`,
        ] as const,
    ),
    ...Object.entries(failures).map(
      ([what, reason]) =>
        [
          say({ en: what, ja: what === 'memory' ? 'メモリ読み出し' : `行列積 ${what}` }),
          `- (${say(reason)})`,
        ] as const,
    ),
  ];
}

function noiseEntries(noise: Noise, say: Say): Entry[] {
  const share = (value: number | undefined): string =>
    value === undefined
      ? say({ en: '- (not read here)', ja: '-（ここでは読めません）' })
      : formatShare(value);
  return [
    [
      say({ en: 'other programs', ja: '他のプログラム' }),
      say({
        en: `${share(noise.foreignCpuShare)} of a CPU`,
        ja: `CPU 1 つの ${share(noise.foreignCpuShare)}`,
      }),
    ],
    [
      say({ en: 'stolen', ja: '奪われた分' }),
      say({ en: `${share(noise.stealShare)} of a CPU`, ja: `CPU 1 つの ${share(noise.stealShare)}` }),
    ],
    [
      say({ en: 'waiting for CPU', ja: 'CPU 待ち' }),
      say({
        en: `${share(noise.cpuPressureShare)} of the time`,
        ja: `時間の ${share(noise.cpuPressureShare)}`,
      }),
    ],
    [
      say({ en: 'waiting for memory', ja: 'メモリ待ち' }),
      say({
        en: `${share(noise.memoryPressureShare)} of the time`,
        ja: `時間の ${share(noise.memoryPressureShare)}`,
      }),
    ],
    [
      say({ en: 'waiting for disks', ja: 'ディスク待ち' }),
      say({
        en: `${share(noise.ioPressureShare)} of the time`,
        ja: `時間の ${share(noise.ioPressureShare)}`,
      }),
    ],
  ];
}

/** The doctor's findings as text. Pure. */
import type { Noise } from '../../journal/records.ts';
import type { Maybe } from '../../kernel/maybe.ts';
import type { MachineFacts } from '../../machine/facts.ts';
import type { RoofsReport } from '../../machine/roofs/roofs.ts';
import { healthText } from '../engines/survey.ts';
import { formatBandwidth, formatBytes, formatRate, formatShare } from '../ui/numbers.ts';
import { definitionList } from '../ui/table.ts';
import type { Examination } from './advice.ts';

type Entry = readonly [name: string, value: string];

export function doctorText(examination: Examination, advice: readonly string[]): string {
  const { facts, fingerprint, noise, roofs, engines } = examination;
  return [
    section('Machine', [...machineEntries(facts), ['fingerprint', fingerprint]]),
    section('CPU', cpuEntries(facts)),
    section('Memory', memoryEntries(facts)),
    section(
      `Roofs, measured with ${roofs.roofs.threads} thread${roofs.roofs.threads === 1 ? '' : 's'}`,
      roofEntries(roofs),
    ),
    section(`Noise over ${(noise.window_ns / 1e9).toFixed(1)} s`, noiseEntries(noise)),
    section(
      'Engines',
      engines.map(({ declaration, health }) => [declaration.id, healthText(health)] as const),
    ),
    ['Advice', ...(advice.length === 0 ? ['  nothing to do'] : advice.map((line) => `  - ${line}`))].join(
      '\n',
    ),
  ].join('\n\n');
}

const section = (title: string, entries: readonly Entry[]): string => `${title}\n${definitionList(entries)}`;

/** The value as text, or why it is missing. */
function shown<T>(maybe: Maybe<T>, format: (value: T) => string = String): string {
  return maybe.kind === 'value' ? format(maybe.value) : `- (${maybe.reason})`;
}

const machineEntries = (facts: MachineFacts): Entry[] => [
  ['system', `${shown(facts.operatingSystem)}, kernel ${shown(facts.kernel)}, ${facts.architecture}`],
  ['hypervisor', shown(facts.hypervisor)],
  ['container', shown(facts.limits.container)],
  [
    'limits',
    `CPU ${shown(facts.limits.cpuQuota)}, memory ${shown(facts.limits.memoryLimitBytes, formatBytes)}`,
  ],
  ['Node', facts.nodeVersion],
];

const cpuEntries = ({ cpu }: MachineFacts): Entry[] => [
  ['model', shown(cpu.model)],
  [
    'identity',
    `family ${shown(cpu.family)}, model ${shown(cpu.modelNumber)}, stepping ${shown(cpu.stepping)}, microcode ${shown(cpu.microcode)}`,
  ],
  [
    'cores',
    `${cpu.logicalCpus} logical, ${shown(cpu.physicalCores)} physical, ${shown(cpu.sockets)} socket(s), ${shown(cpu.numaNodes)} NUMA node(s)`,
  ],
  ['SMT', shown(cpu.smt, (on) => (on ? 'on' : 'off'))],
  [
    'caches',
    shown(cpu.caches, (caches) =>
      caches
        .filter(({ type }) => type !== 'Instruction')
        .map(
          ({ level, bytes, sharedBy }) =>
            `L${level} ${formatBytes(bytes)}${sharedBy > 1 ? ` for ${sharedBy} CPUs` : ''}`,
        )
        .join(', '),
    ),
  ],
  ['instructions', cpu.instructionSets.join(', ') || '- (none named)'],
  ['flags', `${cpu.flags.length} (all of them with --json)`],
  [
    'clock',
    `${shown(cpu.current_MHz, (value) => `${value} MHz`)}, at most ${shown(cpu.maximum_MHz, (value) => `${value} MHz`)}`,
  ],
  ['governor', shown(cpu.governor)],
];

const memoryEntries = ({ memory }: MachineFacts): Entry[] => [
  ['total', formatBytes(memory.totalBytes)],
  ['available', shown(memory.availableBytes, formatBytes)],
  ['swap', shown(memory.swapBytes, formatBytes)],
  ['huge pages', shown(memory.transparentHugePages)],
];

function roofEntries({ roofs, methods, failures }: RoofsReport): Entry[] {
  const method = (what: string): string => (methods[what] === undefined ? '' : `  (${methods[what]})`);
  return [
    ...(roofs.memoryReadBytesPerSecond === undefined
      ? []
      : [['memory read', `${formatBandwidth(roofs.memoryReadBytesPerSecond)}${method('memory')}`] as const]),
    ...Object.entries(roofs.matrixMultiplyFlops).map(
      ([dtype, rate]) => [`multiply ${dtype}`, `${formatRate(rate, dtype)}${method(dtype)}`] as const,
    ),
    ...Object.entries(failures).map(([what, reason]) => [what, `- (${reason})`] as const),
  ];
}

function noiseEntries(noise: Noise): Entry[] {
  const share = (value: number | undefined): string =>
    value === undefined ? '- (not read here)' : formatShare(value);
  return [
    ['other programs', `${share(noise.foreignCpuShare)} of a CPU`],
    ['stolen', `${share(noise.stealShare)} of a CPU`],
    ['waiting for CPU', `${share(noise.cpuPressureShare)} of the time`],
    ['waiting for memory', `${share(noise.memoryPressureShare)} of the time`],
    ['waiting for disks', `${share(noise.ioPressureShare)} of the time`],
  ];
}

/**
 * The CPU as `/proc/cpuinfo` tells it: x86 keys (`model name`, `cpu family`, `flags`) and Arm keys (`CPU implementer`,
 * `CPU part`, `Features`). Only the first processor is read for identity; all are counted for sockets and cores.
 */

export interface CpuIdentity {
  readonly vendor: string | undefined;
  readonly model: string | undefined;
  readonly family: number | undefined;
  readonly modelNumber: number | undefined;
  readonly stepping: number | undefined;
  readonly microcode: string | undefined;
  /** Sorted; empty where none are listed. */
  readonly flags: readonly string[];
  /** Clock of each processor at this moment in MHz; empty where it is not shown. */
  readonly current_MHz: readonly number[];
  /** Distinct (socket, core) pairs; undefined where the file does not tell them apart (Arm). */
  readonly physicalCores: number | undefined;
  readonly sockets: number | undefined;
}

export function parseCpuInfo(text: string): CpuIdentity {
  const processors = text
    .split(/\n\s*\n/)
    .map(keyValues)
    .filter((processor) => processor.has('processor'));
  const first = processors[0] ?? new Map<string, string>();
  const flags = first.get('flags') ?? first.get('Features') ?? '';
  return {
    vendor: first.get('vendor_id') ?? armVendor(first.get('CPU implementer')),
    model: first.get('model name') ?? armModel(first),
    family: integer(first.get('cpu family')),
    modelNumber: integer(first.get('model') ?? first.get('CPU part')),
    stepping: integer(first.get('stepping') ?? first.get('CPU revision')),
    microcode: first.get('microcode'),
    flags: flags.split(/\s+/).filter(Boolean).sort(),
    current_MHz: processors.flatMap((processor) => number(processor.get('cpu MHz')) ?? []),
    physicalCores: distinct(processors, (p) => pair(p.get('physical id'), p.get('core id'))),
    sockets: distinct(processors, (p) => p.get('physical id')),
  };
}

function keyValues(block: string): ReadonlyMap<string, string> {
  return new Map(
    block.split('\n').flatMap((line) => {
      const colon = line.indexOf(':');
      return colon < 0 ? [] : [[line.slice(0, colon).trim(), line.slice(colon + 1).trim()] as const];
    }),
  );
}

const integer = (text: string | undefined): number | undefined => {
  const value = number(text);
  return Number.isInteger(value) ? value : undefined;
};

const number = (text: string | undefined): number | undefined => {
  const value = text === undefined || text === '' ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : undefined;
};

const pair = (a: string | undefined, b: string | undefined): string | undefined =>
  a === undefined || b === undefined ? undefined : `${a}/${b}`;

function distinct(
  processors: readonly ReadonlyMap<string, string>[],
  key: (processor: ReadonlyMap<string, string>) => string | undefined,
): number | undefined {
  const keys = processors.map(key);
  return keys.length === 0 || keys.includes(undefined) ? undefined : new Set(keys).size;
}

/** The implementers of servers and desktops; Arm Architecture Reference Manual, MIDR_EL1. */
const ARM_IMPLEMENTERS: Readonly<Record<string, string>> = {
  '0x41': 'Arm',
  '0x42': 'Broadcom',
  '0x43': 'Cavium',
  '0x46': 'Fujitsu',
  '0x48': 'HiSilicon',
  '0x4e': 'NVIDIA',
  '0x51': 'Qualcomm',
  '0x61': 'Apple',
  '0x6d': 'Microsoft',
  '0xc0': 'Ampere',
};

const armVendor = (implementer: string | undefined): string | undefined =>
  implementer === undefined ? undefined : (ARM_IMPLEMENTERS[implementer.toLowerCase()] ?? implementer);

function armModel(processor: ReadonlyMap<string, string>): string | undefined {
  const part = processor.get('CPU part');
  const vendor = armVendor(processor.get('CPU implementer'));
  return part === undefined || vendor === undefined ? undefined : `${vendor} part ${part}`;
}

/**
 * What makes two results comparable: `machineFingerprint` changes with the hardware (real or virtual) and its limits,
 * `machineConditions` with what runs on it. Neither holds a host name, a serial number or a momentary value.
 */
import { contentHash } from '../kernel/canonical.ts';
import { type Maybe, presentValue } from '../kernel/maybe.ts';
import type { MachineFacts } from './facts.ts';

/** Kernels reserve a little more or less memory from version to version: sizes count in steps of 256 MiB. */
const MEMORY_STEP_BYTES = 2 ** 28;

/** 16 hexadecimal digits. */
export function machineFingerprint(facts: MachineFacts): string {
  const { cpu, memory, limits } = facts;
  return contentHash({
    platform: facts.platform,
    architecture: facts.architecture,
    model: presentValue(cpu.model),
    family: presentValue(cpu.family),
    modelNumber: presentValue(cpu.modelNumber),
    stepping: presentValue(cpu.stepping),
    flags: cpu.flags,
    logicalCpus: cpu.logicalCpus,
    physicalCores: presentValue(cpu.physicalCores),
    sockets: presentValue(cpu.sockets),
    numaNodes: presentValue(cpu.numaNodes),
    caches: presentValue(cpu.caches),
    memory: Math.round(memory.totalBytes / MEMORY_STEP_BYTES),
    hypervisor: presentValue(facts.hypervisor),
    cpuQuota: presentValue(limits.cpuQuota),
    allowedCpus: presentValue(limits.allowedCpus),
  });
}

/** Text by name, for the environment record and the second hash of a cell; missing facts are left out. */
export function machineConditions(facts: MachineFacts): Readonly<Record<string, string>> {
  const conditions: Readonly<Record<string, Maybe<string>>> = {
    kernel: facts.kernel,
    operatingSystem: facts.operatingSystem,
    microcode: facts.cpu.microcode,
    governor: facts.cpu.governor,
    transparentHugePages: facts.memory.transparentHugePages,
    container: facts.limits.container,
  };
  const known = Object.entries(conditions).flatMap(([name, maybe]) => {
    const value = presentValue(maybe);
    return value === undefined ? [] : [[name, value] as const];
  });
  return { machine: machineFingerprint(facts), node: facts.nodeVersion, ...Object.fromEntries(known) };
}

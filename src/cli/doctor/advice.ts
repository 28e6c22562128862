/** Advice of the doctor: each line names what was seen, what it does to results, and the way out. Pure. */
import type { Noise } from '../../journal/records.ts';
import { presentValue } from '../../kernel/maybe.ts';
import type { MachineFacts } from '../../machine/facts.ts';
import type { RoofsReport } from '../../machine/roofs/roofs.ts';
import type { SurveyedEngine } from '../engines/survey.ts';
import { formatBytes, formatShare } from '../ui/numbers.ts';

export interface Examination {
  readonly facts: MachineFacts;
  readonly fingerprint: string;
  readonly noise: Noise;
  readonly roofs: RoofsReport;
  readonly engines: readonly SurveyedEngine[];
}

/** Foreign CPU share from which results were seen to cost 10-25 %. */
const NOISY_CPU_SHARE = 0.1;
const NOISY_STEAL_SHARE = 0.02;
/** The default study (open-calm-small in fp32 at batch 16) needs about half of this. */
const COMFORTABLE_MEMORY_BYTES = 4 * 2 ** 30;

export function advise(examination: Examination): string[] {
  return [
    ...noiseAdvice(examination.noise),
    ...cpuAdvice(examination.facts),
    ...limitAdvice(examination.facts),
    ...Object.entries(examination.roofs.failures).map(
      ([what, reason]) => `the ${what} roof could not be measured (${reason}): shares of it will be missing`,
    ),
    ...engineAdvice(examination.engines),
  ];
}

function noiseAdvice(noise: Noise): string[] {
  const { foreignCpuShare, stealShare } = noise;
  const lines: string[] = [];
  if (foreignCpuShare === undefined) {
    lines.push('the noise of other programs cannot be read here: close them before measuring');
  } else if (foreignCpuShare > NOISY_CPU_SHARE) {
    lines.push(
      `other programs use ${foreignCpuShare.toFixed(2)} CPUs right now: from 0.1 on results cost 10 to 25 %, from 0.5 on far more; stop them, or let more rounds run`,
    );
  }
  if (stealShare !== undefined && stealShare > NOISY_STEAL_SHARE) {
    lines.push(
      `the hypervisor takes ${formatShare(stealShare)} of a CPU away: a neighbour on the same host; measure again later`,
    );
  }
  return lines;
}

function cpuAdvice({ cpu, hypervisor, architecture }: MachineFacts): string[] {
  const lines: string[] = [];
  const governor = presentValue(cpu.governor);
  if (governor !== undefined && governor !== 'performance') {
    lines.push(
      `the frequency governor is ${governor}: set it to performance (cpupower frequency-set -g performance)`,
    );
  }
  if (presentValue(cpu.smt) === true && presentValue(cpu.physicalCores) !== undefined) {
    lines.push(
      `two hardware threads share a core: try threads: ${String(presentValue(cpu.physicalCores))} (one per core) beside ${cpu.logicalCpus}`,
    );
  }
  if ((presentValue(cpu.numaNodes) ?? 1) > 1) {
    lines.push(
      `${String(presentValue(cpu.numaNodes))} NUMA nodes: bind the whole run to one (numactl -N 0 -m 0)`,
    );
  }
  if (architecture === 'x64' && cpu.flags.length > 0 && !cpu.instructionSets.includes('AVX2')) {
    lines.push('no AVX2: quantised kernels fall back to slow ones');
  }
  if (hypervisor.kind === 'value') {
    lines.push(
      'a virtual machine shares memory bandwidth with unseen neighbours: compare inside one run, not across runs',
    );
  }
  return lines;
}

function limitAdvice({ limits, cpu, memory }: MachineFacts): string[] {
  const lines: string[] = [];
  const quota = presentValue(limits.cpuQuota);
  if (quota !== undefined && quota < cpu.logicalCpus) {
    lines.push(
      `this container may use ${quota} of ${cpu.logicalCpus} CPUs: more threads than ${Math.max(1, Math.floor(quota))} are throttled in bursts`,
    );
  }
  const availableBytes = Math.min(
    presentValue(memory.availableBytes) ?? memory.totalBytes,
    presentValue(limits.memoryLimitBytes) ?? Number.POSITIVE_INFINITY,
  );
  if (availableBytes < COMFORTABLE_MEMORY_BYTES) {
    lines.push(`only ${formatBytes(availableBytes)} of memory to be had: hayasa plan says which cells fit`);
  }
  return lines;
}

const engineAdvice = (engines: readonly SurveyedEngine[]): string[] =>
  engines.flatMap(({ declaration, health }) =>
    health.kind === 'installable' ? [`${declaration.id} can be installed: ${health.how}`] : [],
  );

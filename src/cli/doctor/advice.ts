/** Advice of the doctor: each line names what was seen, what it does to results, and the way out. Pure. */

import type { Noise } from '../../journal/record-parts.ts';
import type { Say } from '../../kernel/language.ts';
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

export function advise(examination: Examination, say: Say): string[] {
  return [
    ...noiseAdvice(examination.noise, say),
    ...cpuAdvice(examination.facts, say),
    ...limitAdvice(examination.facts, say),
    ...Object.entries(examination.roofs.failures).map(([what, reason]) =>
      say({
        en: `the ${what} roof could not be measured (${reason.en}): shares of it will be missing`,
        ja: `${what === 'memory' ? 'メモリ' : what} のルーフを測れませんでした（${reason.ja}）: それに対する割合は欠けます`,
      }),
    ),
    ...engineAdvice(examination.engines, say),
  ];
}

function noiseAdvice(noise: Noise, say: Say): string[] {
  const { foreignCpuShare, stealShare } = noise;
  const lines: string[] = [];
  if (foreignCpuShare === undefined) {
    lines.push(
      say({
        en: 'the noise of other programs cannot be read here: close them before measuring',
        ja: '他のプログラムのノイズはここでは読めません: 測定の前に閉じてください',
      }),
    );
  } else if (foreignCpuShare > NOISY_CPU_SHARE) {
    lines.push(
      say({
        en: `other programs use ${foreignCpuShare.toFixed(2)} CPUs right now: from 0.1 on results cost 10 to 25 %, from 0.5 on far more; stop them, or let more rounds run`,
        ja: `他のプログラムが今 ${foreignCpuShare.toFixed(2)} CPU を使っています: 0.1 から結果は 10〜25 % 悪くなり、0.5 からはもっと悪くなります。止めるか、ラウンドを増やしてください`,
      }),
    );
  }
  if (stealShare !== undefined && stealShare > NOISY_STEAL_SHARE) {
    lines.push(
      say({
        en: `the hypervisor takes ${formatShare(stealShare)} of a CPU away: a neighbour on the same host; measure again later`,
        ja: `ハイパーバイザーが CPU の ${formatShare(stealShare)} を奪っています: 同じホストの隣人です。後で測り直してください`,
      }),
    );
  }
  return lines;
}

function cpuAdvice({ cpu, hypervisor, architecture }: MachineFacts, say: Say): string[] {
  const lines: string[] = [];
  const governor = presentValue(cpu.governor);
  if (governor !== undefined && governor !== 'performance') {
    lines.push(
      say({
        en: `the frequency governor is ${governor}: set it to performance (cpupower frequency-set -g performance)`,
        ja: `周波数ガバナーが ${governor} です: performance にしてください（cpupower frequency-set -g performance）`,
      }),
    );
  }
  if (presentValue(cpu.smt) === true && presentValue(cpu.physicalCores) !== undefined) {
    lines.push(
      say({
        en: `two hardware threads share a core: try threads: ${String(presentValue(cpu.physicalCores))} (one per core) beside ${cpu.logicalCpus}`,
        ja: `2 つのハードウェアスレッドが 1 つのコアを共有しています: threads: ${String(presentValue(cpu.physicalCores))}（コアごとに 1 つ）を ${cpu.logicalCpus} と並べて試してください`,
      }),
    );
  }
  if ((presentValue(cpu.numaNodes) ?? 1) > 1) {
    lines.push(
      say({
        en: `${String(presentValue(cpu.numaNodes))} NUMA nodes: bind the whole run to one (numactl -N 0 -m 0)`,
        ja: `NUMA ノードが ${String(presentValue(cpu.numaNodes))} つあります: 実行全体を 1 つに固定してください（numactl -N 0 -m 0）`,
      }),
    );
  }
  if (architecture === 'x64' && cpu.flags.length > 0 && !cpu.instructionSets.includes('AVX2')) {
    lines.push(
      say({
        en: 'no AVX2: quantised kernels fall back to slow ones',
        ja: 'AVX2 がありません: 量子化カーネルは遅いものになります',
      }),
    );
  }
  if (hypervisor.kind === 'value') {
    lines.push(
      say({
        en: 'a virtual machine shares memory bandwidth with unseen neighbours: compare inside one run, not across runs',
        ja: '仮想マシンはメモリ帯域を見えない隣人と共有します: 実行をまたがず、一つの実行の中で比べてください',
      }),
    );
  }
  return lines;
}

function limitAdvice({ limits, cpu, memory }: MachineFacts, say: Say): string[] {
  const lines: string[] = [];
  const quota = presentValue(limits.cpuQuota);
  if (quota !== undefined && quota < cpu.logicalCpus) {
    lines.push(
      say({
        en: `this container may use ${quota} of ${cpu.logicalCpus} CPUs: more threads than ${Math.max(1, Math.floor(quota))} are throttled in bursts`,
        ja: `このコンテナーは ${cpu.logicalCpus} CPU のうち ${quota} を使えます: ${Math.max(1, Math.floor(quota))} を超えるスレッドは断続的に止められます`,
      }),
    );
  }
  const availableBytes = Math.min(
    presentValue(memory.availableBytes) ?? memory.totalBytes,
    presentValue(limits.memoryLimitBytes) ?? Number.POSITIVE_INFINITY,
  );
  if (availableBytes < COMFORTABLE_MEMORY_BYTES) {
    lines.push(
      say({
        en: `only ${formatBytes(availableBytes)} of memory to be had: hayasa plan says which cells fit`,
        ja: `使えるメモリが ${formatBytes(availableBytes)} しかありません: どのセルが収まるかは hayasa plan が示します`,
      }),
    );
  }
  return lines;
}

const engineAdvice = (engines: readonly SurveyedEngine[], say: Say): string[] =>
  engines.flatMap(({ declaration, health }) =>
    health.kind === 'installable'
      ? [
          say({
            en: `${declaration.id} can be installed: ${health.how.en}`,
            ja: `${declaration.id} をインストールできます: ${health.how.ja}`,
          }),
        ]
      : [],
  );

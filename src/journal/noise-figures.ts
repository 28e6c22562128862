/**
 * What the noise gauge reads, declared once: the journal's schema, the metrics with their columns and docs, and the live
 * view of `doctor --watch` follow from here. Shares are per second of the window: 0.1 is a tenth of one CPU (or of the
 * window, for stalls). A figure that a system does not show is absent, never 0.
 */

import type { Words } from '../kernel/language.ts';

export interface NoiseFigure {
  /** Kebab-case: the metric's id. */
  readonly id: string;
  readonly title: Words;
  /** One sentence, over the window of a repeat. */
  readonly definition: Words;
  readonly source: string;
  readonly undefinedWhen: Words;
  /** `share`: per second; `count`: whole number over the window; `frequency`: in Hz. */
  readonly quantity: 'share' | 'count' | 'frequency';
}

const NO_PROC: Words = { en: 'the system has no /proc', ja: 'システムに /proc がありません' };
const NO_WORKER: Words = {
  en: 'the engine has no process of its own, or the system has no /proc',
  ja: 'エンジンに専用のプロセスがないか、システムに /proc がありません',
};
const NO_PRESSURE: Words = {
  en: 'the kernel does not account for stalls',
  ja: 'カーネルが待ちを数えません',
};

const pressure = (resource: string, ja: string): Omit<NoiseFigure, 'id'> => ({
  title: { en: `${resource} pressure`, ja: `${ja}待ち` },
  definition: {
    en: `Share of the window in which at least one task of the machine waited for ${resource === 'Memory' ? 'memory' : resource}.`,
    ja: `マシンの少なくとも 1 つのタスクが ${ja}を待っていた、時間枠に対する割合。`,
  },
  source: 'Linux Documentation/accounting/psi.rst, total of the line `some`',
  undefinedWhen: NO_PRESSURE,
  quantity: 'share',
});

/** By the name of the field in the journal. */
export const NOISE_FIGURES = {
  foreignCpuShare: {
    id: 'foreign-cpu-share',
    title: { en: 'Foreign CPU', ja: '他のプログラムの CPU' },
    definition: {
      en: "CPU seconds per second that belonged to neither the worker tree nor Hayasa; the kernel's ticks are 10 ms.",
      ja: 'ワーカーのプロセス木にも Hayasa にも属さない、毎秒の CPU 秒。カーネルの刻みは 10 ms。',
    },
    source: 'proc_stat(5), proc_pid_stat(5)',
    undefinedWhen: {
      en: `${NO_PROC.en}, or the worker ended`,
      ja: `${NO_PROC.ja}、またはワーカーが終わりました`,
    },
    quantity: 'share',
  },
  stealShare: {
    id: 'steal-share',
    title: { en: 'Stolen CPU', ja: '奪われた CPU' },
    definition: {
      en: 'CPU seconds per second that the hypervisor gave to other guests.',
      ja: 'ハイパーバイザーが他のゲストに与えた、毎秒の CPU 秒。',
    },
    source: 'proc_stat(5), steal',
    undefinedWhen: NO_PROC,
    quantity: 'share',
  },
  harnessCpuShare: {
    id: 'harness-cpu-share',
    title: { en: "Hayasa's own CPU", ja: 'Hayasa 自身の CPU' },
    definition: {
      en: "CPU seconds per second of Hayasa's controlling process from the request of a repeat to the arrival of its answer: the work between repeats is left out.",
      ja: '反復の要求から答えが届くまでの、Hayasa の制御プロセスの毎秒の CPU 秒。反復の間の処理は含まない。',
    },
    source: 'getrusage(2)',
    undefinedWhen: { en: 'the engine has no process of its own', ja: 'エンジンに専用のプロセスがありません' },
    quantity: 'share',
  },
  cpuPressureShare: { ...pressure('CPU', 'CPU '), id: 'cpu-pressure' },
  memoryPressureShare: { ...pressure('Memory', 'メモリ'), id: 'memory-pressure' },
  ioPressureShare: { ...pressure('I/O', 'I/O '), id: 'io-pressure' },
  voluntarySwitches: {
    id: 'voluntary-context-switches',
    title: { en: 'Voluntary context switches', ja: '自発的なコンテキストスイッチ' },
    definition: {
      en: 'How often threads of the worker tree gave up their CPU to wait; ended threads are not counted.',
      ja: 'ワーカーのプロセス木のスレッドが待つために CPU を手放した回数。終わったスレッドは数えない。',
    },
    source: 'proc_pid_status(5), voluntary_ctxt_switches of every thread',
    undefinedWhen: NO_WORKER,
    quantity: 'count',
  },
  involuntarySwitches: {
    id: 'involuntary-context-switches',
    title: { en: 'Involuntary context switches', ja: '非自発的なコンテキストスイッチ' },
    definition: {
      en: 'How often threads of the worker tree were made to give up their CPU; ended threads are not counted.',
      ja: 'ワーカーのプロセス木のスレッドが CPU を取り上げられた回数。終わったスレッドは数えない。',
    },
    source: 'proc_pid_status(5), nonvoluntary_ctxt_switches of every thread',
    undefinedWhen: NO_WORKER,
    quantity: 'count',
  },
  minorFaults: {
    id: 'minor-page-faults',
    title: { en: 'Minor page faults', ja: 'マイナーページフォールト' },
    definition: {
      en: 'Page faults of the worker tree that needed no disk.',
      ja: 'ワーカーのプロセス木のページフォールトのうち、ディスクを要しなかったもの。',
    },
    source: 'proc_pid_stat(5), minflt and cminflt',
    undefinedWhen: NO_WORKER,
    quantity: 'count',
  },
  majorFaults: {
    id: 'major-page-faults',
    title: { en: 'Major page faults', ja: 'メジャーページフォールト' },
    definition: {
      en: 'Page faults of the worker tree that waited for a disk.',
      ja: 'ワーカーのプロセス木のページフォールトのうち、ディスクを待ったもの。',
    },
    source: 'proc_pid_stat(5), majflt and cmajflt',
    undefinedWhen: NO_WORKER,
    quantity: 'count',
  },
  frequency_Hz: {
    id: 'cpu-frequency',
    title: { en: 'CPU frequency', ja: 'CPU 周波数' },
    definition: {
      en: 'Frequency of the fastest CPU right after the repeat: those that work are the fastest.',
      ja: '反復の直後の、最も速い CPU の周波数: 働いている CPU が最も速い。',
    },
    source: 'Linux Documentation/admin-guide/pm/cpufreq.rst, scaling_cur_freq',
    undefinedWhen: {
      en: 'the system does not show it (usual in virtual machines)',
      ja: 'システムが示しません（仮想マシンではよくあること）',
    },
    quantity: 'frequency',
  },
  throttleEvents: {
    id: 'thermal-throttle-events',
    title: { en: 'Thermal throttling', ja: '熱による減速' },
    definition: {
      en: 'How often the first package slowed down because it was too hot.',
      ja: '最初のパッケージが、熱すぎて減速した回数。',
    },
    source: 'Linux arch/x86/kernel/cpu/mce/therm_throt.c, package_throttle_count',
    undefinedWhen: {
      en: 'the system does not count it (usual in virtual machines)',
      ja: 'システムが数えません（仮想マシンではよくあること）',
    },
    quantity: 'count',
  },
} as const satisfies Readonly<Record<string, NoiseFigure>>;

export type NoiseField = keyof typeof NOISE_FIGURES;

/** The fields in the order of declaration. */
export const NOISE_FIELDS = Object.keys(NOISE_FIGURES) as readonly NoiseField[];

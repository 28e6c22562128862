import { type Maybe, missing, present } from '../kernel/maybe.ts';
import type { LaunchInput, Metric } from './metric.ts';
import { OWN_SOURCE } from './shown.ts';

/** The least memory that serves the cell. */
export const peakMemory: Metric = {
  id: 'peak-memory',
  title: { en: 'Peak memory', ja: 'ピークメモリ' },
  definition: {
    en: "High-water mark of the worker tree's resident memory over the cell, less the part that it shares with other processes (resident minus proportional set size at the end of the cell).",
    ja: 'セルの間のワーカーのプロセス木の常駐メモリの最高値から、他のプロセスと共有する分（セルの終わりの RSS から PSS を引いたもの）を引いた値。',
  },
  formula: 'high-water RSS - (RSS - PSS)',
  source: `${OWN_SOURCE}; proc(5), VmHWM, smaps_rollup`,
  storedUnit: 'bytes',
  shown: { unit: 'MB', scale: 1e-6, digits: 0 },
  better: 'lower',
  undefinedWhen:
    'a larger cell was served before in the launch, or the system does not show the high-water mark or the proportional set size',
  main: true,
  level: 'launch',
  poolsRepeats: false,
  compute: computePeakMemory,
};

function computePeakMemory({ memory }: LaunchInput): Maybe<number> {
  if (memory.kind === 'missing') return memory;
  const { peakResidentBytes, residentBytes, proportionalBytes } = memory.value;
  if (proportionalBytes === undefined)
    return missing({
      en: 'the proportional set size cannot be read on this system',
      ja: 'このシステムでは PSS を読めません',
    });
  return present(peakResidentBytes - (residentBytes - proportionalBytes));
}

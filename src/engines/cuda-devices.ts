/** GPUs that engines call `cuda:0` and so on (PyTorch calls ROCm's so too), from the files of their drivers. */
import type { Host } from '../host/host.ts';
import type { Words } from '../kernel/language.ts';

/** NVIDIA's kernel module writes one folder per GPU, also inside containers. */
const NVIDIA_GPUS = '/proc/driver/nvidia/gpus';

/** Signs of a driver that keeps no such list: sandboxed containers, Jetson, ROCm, Windows' subsystem for Linux. */
const OTHER_SIGNS = [
  '/proc/driver/nvidia/version',
  '/dev/nvidiactl',
  '/dev/nvhost-gpu',
  '/dev/kfd',
  '/dev/dxg',
];

/** How many there are: 0 only where no driver shows any sign; undefined where the number cannot be told. */
export function cudaDeviceCount({ files, system }: Pick<Host, 'files' | 'system'>): number | undefined {
  if (files.kind(NVIDIA_GPUS) === 'folder') return files.list(NVIDIA_GPUS).length;
  if (OTHER_SIGNS.some((path) => files.kind(path) !== undefined)) return undefined;
  return system.platform === 'linux' ? 0 : undefined;
}

export const NO_GPU: Words = { en: 'no GPU', ja: 'GPU がありません' };

/**
 * Why a device cannot be there; undefined for all others.
 * @param device `cpu`, `cuda` (the first GPU), `cuda:1`, ...
 * @param count of `cudaDeviceCount`
 */
export function absentCudaDevice(device: string, count: number | undefined): Words | undefined {
  const [kind, index = '0'] = device.split(':');
  if (kind !== 'cuda' || count === undefined || Number(index) < count) return undefined;
  if (count === 0) return NO_GPU;
  const [en, ja] =
    count === 1
      ? ['the only GPU here is cuda:0', 'ここの GPU は cuda:0 だけです']
      : [`GPUs here are cuda:0 to cuda:${count - 1}`, `ここの GPU は cuda:0 から cuda:${count - 1} です`];
  return { en: `${device} is not there: ${en}`, ja: `${device} はありません: ${ja}` };
}

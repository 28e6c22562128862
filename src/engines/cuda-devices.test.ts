import { describe, expect, it } from 'vitest';
import { testHost } from '../host/test-host.ts';
import { absentCudaDevice, cudaDeviceCount } from './cuda-devices.ts';

const linux = { platform: 'linux' as const };

describe('cudaDeviceCount', () => {
  it("counts the folders of NVIDIA's kernel module", () => {
    const files = {
      '/proc/driver/nvidia/version': 'NVRM version: 1\n',
      '/proc/driver/nvidia/gpus/0000:01:00.0/information': 'Model: one\n',
      '/proc/driver/nvidia/gpus/0000:02:00.0/information': 'Model: two\n',
    };
    expect(cudaDeviceCount(testHost({ files, system: linux }))).toBe(2);
  });

  it('says none only where no driver shows any sign', () => {
    const count = (path: string): number | undefined =>
      cudaDeviceCount(testHost({ files: { [path]: '' }, system: linux }));
    expect(count('/dev/null')).toBe(0);
    for (const sign of [
      '/proc/driver/nvidia/version',
      '/dev/nvidiactl',
      '/dev/nvhost-gpu',
      '/dev/kfd',
      '/dev/dxg',
    ]) {
      expect(count(sign)).toBeUndefined();
    }
    expect(cudaDeviceCount(testHost({ system: { platform: 'darwin' } }))).toBeUndefined();
  });
});

describe('absentCudaDevice', () => {
  it('is silent about other devices and unknown numbers', () => {
    expect(absentCudaDevice('cpu', 0)).toBeUndefined();
    expect(absentCudaDevice('vulkan:0', 0)).toBeUndefined();
    expect(absentCudaDevice('cuda:3', undefined)).toBeUndefined();
    expect(absentCudaDevice('cuda:1', 2)).toBeUndefined();
  });

  it('says what is there instead', () => {
    const said = (device: string, count: number): string | undefined => absentCudaDevice(device, count)?.en;
    expect(said('cuda', 0)).toBe('no GPU');
    expect(said('cuda:1', 1)).toBe('cuda:1 is not there: the only GPU here is cuda:0');
    expect(said('cuda:2', 2)).toBe('cuda:2 is not there: GPUs here are cuda:0 to cuda:1');
  });
});

/** Builds of llama.cpp for GPUs, by the name that a study writes behind the `@`; none is installed unless asked for. */
import type { NpmBuild } from '../../environments/npm-build.ts';
import { LIBRARY_PACKAGE_VERSION } from '../../native/llama/package-version.ts';

const common = { version: LIBRARY_PACKAGE_VERSION, platform: 'linux', architecture: 'x64' } as const;

export const llamaCppBuilds: readonly NpmBuild[] = [
  {
    ...common,
    name: 'cuda',
    device: 'cuda',
    package: '@node-llama-cpp/linux-x64-cuda',
    integrity:
      'sha512-idsE55VoD/FbvLhnBC9krUJaUoC0XnebseAAnCpm/brKf61HEbu+idgbb5eN6mxkjLSrHtILprJ0nDcUJjVrFg==',
    installedBytes: 188_710_227,
  },
  {
    ...common,
    name: 'vulkan',
    device: 'vulkan',
    package: '@node-llama-cpp/linux-x64-vulkan',
    integrity:
      'sha512-flEeSzONQ6OIm5bYKLQf4eEnBzcC5WugFbyPUwkCqyyOFZ8pH0H9ulQ7ZNDLSIczeKneMRJornlyY1Hq7d3GDA==',
    installedBytes: 84_499_683,
  },
];

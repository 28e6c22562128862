/** Where the libraries of a GPU build lie. */
import { npmBuildHealth } from '../../environments/npm-build.ts';
import type { Host } from '../../host/host.ts';
import { HayasaError } from '../../kernel/errors.ts';
import type { GpuLibraries } from '../../native/llama/library-location.ts';
import { llamaCppBuilds } from './builds.ts';

/** Undefined for the build that came with Hayasa. @throws HayasaError `llama/unknown-build`, `llama/not-installed` */
export function gpuLibraries(
  host: Pick<Host, 'files' | 'system'>,
  version: string | undefined,
): GpuLibraries | undefined {
  if (version === undefined) return undefined;
  const build = llamaCppBuilds.find(({ name }) => name === version);
  if (build === undefined) {
    throw new HayasaError({
      code: 'llama/unknown-build',
      message: `llama.cpp has no build ${version}`,
      hint: `builds: ${llamaCppBuilds.map(({ name }) => `llama-cpp@${name}`).join(', ')}`,
    });
  }
  const health = npmBuildHealth(host, { engine: 'llama-cpp', versionSet: version }, build);
  if (health.kind === 'npm-ready') return { build: version, packageFolder: health.packageFolder };
  throw new HayasaError({
    code: 'llama/not-installed',
    message: `llama-cpp@${version}: ${health.reason}`,
    ...(health.kind === 'impossible' ? {} : { hint: `hayasa engines install llama-cpp@${version}` }),
  });
}

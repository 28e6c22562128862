/** Where the libraries of a GPU build lie. */

import { npmBuildHealth } from '../../environments/npm-build.ts';
import type { Host } from '../../host/host.ts';
import { HayasaError } from '../../kernel/errors.ts';
import { inEvery, same } from '../../kernel/language.ts';
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
      message: {
        en: `llama.cpp has no build ${version}`,
        ja: `llama.cpp に ${version} というビルドはありません`,
      },
      hint: inEvery(
        (say) =>
          `${say({ en: 'builds', ja: 'あるビルド' })}: ${llamaCppBuilds.map(({ name }) => `llama-cpp@${name}`).join(', ')}`,
      ),
    });
  }
  const health = npmBuildHealth(host, { engine: 'llama-cpp', versionSet: version }, build);
  if (health.kind === 'npm-ready') return { build: version, packageFolder: health.packageFolder };
  throw new HayasaError({
    code: 'llama/not-installed',
    message: inEvery((say) => `llama-cpp@${version}: ${say(health.reason)}`),
    ...(health.kind === 'impossible' ? {} : { hint: same(`hayasa engines install llama-cpp@${version}`) }),
  });
}

/** Names on the command line -> environments: `all`, an engine, or an engine in one of its version sets. */

import { buildsOf, type EngineDeclaration, type WorkerKind } from '../../engines/declaration.ts';
import { environmentHealth } from '../../environments/health.ts';
import { type EnvironmentName, environmentLabel } from '../../environments/name.ts';
import { type NpmBuild, npmBuildHealth } from '../../environments/npm-build.ts';
import type { Host } from '../../host/host.ts';
import { HayasaError } from '../../kernel/errors.ts';
import { nearest } from '../suggest.ts';

export interface ChosenEnvironment {
  readonly declaration: EngineDeclaration;
  readonly name: EnvironmentName;
  /** As a study writes it; undefined for the version set that is taken without asking. */
  readonly version: string | undefined;
  /** Of an engine that came with Hayasa: libraries for another device; undefined for Python environments. */
  readonly build: NpmBuild | undefined;
}

/** Whether it is installed, and what it takes. */
export const healthOf = (host: Pick<Host, 'files' | 'system'>, { name, build }: ChosenEnvironment) =>
  build === undefined ? environmentHealth(host, name) : npmBuildHealth(host, name, build);

/** Every environment that engines have, each engine's own choice of versions first. */
export function environmentsOf(declarations: readonly EngineDeclaration[]): readonly ChosenEnvironment[] {
  return declarations.flatMap((declaration) => [
    ...versionSetsOf(declaration.worker).map((versionSet, index) => ({
      declaration,
      name: { engine: declaration.id, versionSet },
      version: index === 0 ? undefined : versionSet,
      build: undefined,
    })),
    ...buildsOf(declaration).map((build) => ({
      declaration,
      name: { engine: declaration.id, versionSet: build.name },
      version: build.name,
      build,
    })),
  ]);
}

/**
 * `all` is one environment for each engine: its own choice of versions, and no build for another device.
 * @throws HayasaError `environment/unknown`, `environment/not-needed`
 */
export function chosenEnvironments(
  declarations: readonly EngineDeclaration[],
  asked: string,
): readonly ChosenEnvironment[] {
  const known = environmentsOf(declarations);
  if (asked === 'all') return known.filter(({ version }) => version === undefined);
  const found = known.find(
    ({ name, version }) =>
      environmentLabel(name) === asked || (version === undefined && name.engine === asked),
  );
  if (found !== undefined) return [found];
  if (declarations.some(({ id }) => id === asked)) {
    throw new HayasaError({
      code: 'environment/not-needed',
      message: {
        en: `${asked} needs no environment: it came with Hayasa`,
        ja: `${asked} に環境は要りません: Hayasa に付属しています`,
      },
      hint: { en: `engines that have one: ${labels(known)}`, ja: `環境のあるエンジン: ${labels(known)}` },
    });
  }
  const near = nearest(asked, ['all', ...known.flatMap(({ name }) => [name.engine, environmentLabel(name)])]);
  throw new HayasaError({
    code: 'environment/unknown',
    message: {
      en: `${asked}: no engine with an environment has this name`,
      ja: `${asked}: 環境のあるエンジンにこの名前はありません`,
    },
    hint:
      near === undefined
        ? { en: `all, or one of ${labels(known)}`, ja: `all、または ${labels(known)} のどれか` }
        : { en: `did you mean ${near}?`, ja: `もしかして ${near} ですか?` },
  });
}

const versionSetsOf = (worker: WorkerKind): readonly string[] =>
  worker.kind === 'python' ? worker.versionSets : [];

const labels = (known: readonly ChosenEnvironment[]): string =>
  known.map(({ name }) => environmentLabel(name)).join(', ');

/** The adapter of every Python engine: its environment decides whether it runs, in which versions, and how. */
import { interpreterOf, PYTHON_FOLDER } from '../environments/folders.ts';
import { environmentHealth } from '../environments/health.ts';
import type { Lock } from '../environments/lock.ts';
import { type EnvironmentName, environmentLabel } from '../environments/name.ts';
import type { Host } from '../host/host.ts';
import { HayasaError } from '../kernel/errors.ts';
import { inEvery, same, type Words } from '../kernel/language.ts';
import type { EngineAdapter } from './adapter.ts';
import type { WorkerKind } from './declaration.ts';

type PythonWorker = Extract<WorkerKind, { kind: 'python' }>;

/** The environment that `version` (or none) of an engine means. */
export const environmentName = (engine: string, worker: PythonWorker, version?: string): EnvironmentName => ({
  engine,
  versionSet: version ?? worker.versionSets[0] ?? '',
});

export function pythonAdapter(engine: string, worker: PythonWorker): EngineAdapter {
  const healthOf = (host: Host, version?: string) =>
    environmentHealth(host, environmentName(engine, worker, version));
  const readyOf = (host: Host, version?: string) => {
    const health = healthOf(host, version);
    if (health.kind === 'ready') return health;
    const label = environmentLabel(environmentName(engine, worker, version));
    throw new HayasaError({
      code: 'environment/not-ready',
      message: inEvery((say) => `${label}: ${say(health.reason)}`),
      hint: same(`hayasa engines install ${label}`),
    });
  };
  return {
    health: async (host, version) => {
      const health = healthOf(host, version);
      switch (health.kind) {
        case 'ready': {
          const { record, conformance } = health.environment;
          const checked =
            conformance === undefined
              ? 'not verified yet'
              : conformance.problems.length === 0
                ? 'verified'
                : `does not conform: ${conformance.problems.length} problems`;
          const detail = `Python ${record.python}, ${record.accelerator}, lock ${record.lockHash}, ${checked}`;
          return { kind: 'ready', version: health.lock.versions[engine] ?? record.versionSet, detail };
        }
        case 'installable': {
          const label = environmentLabel(environmentName(engine, worker, version));
          return {
            kind: 'installable',
            how: same(`hayasa engines install ${label}`),
            reason: withSize(health.reason, health.locks),
          };
        }
        case 'impossible':
          return health;
      }
    },
    versions: async (host, version) => {
      const { lock, environment } = readyOf(host, version);
      const { lockHash, versionSet, accelerator, python, installer } = environment.record;
      return { versionSet, lock: lockHash, accelerator, python, installer, ...lock.versions };
    },
    workerCommand: async (host, version) => {
      const { environment } = readyOf(host, version);
      return {
        command: interpreterOf(environment.folder),
        args: ['-m', 'hayasa_worker', engine],
        environment: {
          // Nothing of the user's own Python reaches the measurement, and nothing is written beside our code.
          PYTHONPATH: PYTHON_FOLDER,
          PYTHONNOUSERSITE: '1',
          PYTHONSAFEPATH: '1',
          PYTHONDONTWRITEBYTECODE: '1',
          PYTHONUTF8: '1',
        },
      };
    },
  };
}

/** `not installed, takes 1.26 GB`, where the CPU's lock was measured. */
function withSize(reason: Words, locks: readonly Lock[]): Words {
  const bytes = locks.find(({ accelerator }) => accelerator === 'cpu')?.installedBytes;
  if (bytes === undefined) return reason;
  const gigabytes = (bytes / 1e9).toFixed(2);
  return { en: `${reason.en}, takes ${gigabytes} GB`, ja: `${reason.ja}、${gigabytes} GB 使います` };
}

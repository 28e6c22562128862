/** The table of environments. */
import type { EnvironmentHealth } from '../../environments/health.ts';
import type { Lock } from '../../environments/lock.ts';
import type { Conformance } from '../../environments/record.ts';
import { formatBytes } from '../ui/numbers.ts';
import { table } from '../ui/table.ts';

export interface ListedEnvironment {
  readonly label: string;
  readonly health: EnvironmentHealth;
}

export function environmentsTable(environments: readonly ListedEnvironment[]): string {
  return table(
    [
      { title: 'environment' },
      { title: 'state' },
      { title: 'size', align: 'right' },
      { title: 'lock' },
      { title: 'Python' },
      { title: 'conformance' },
    ],
    environments.map(({ label, health }) => [label, ...cells(health)]),
  );
}

function cells(health: EnvironmentHealth): readonly string[] {
  switch (health.kind) {
    case 'ready': {
      const { record, conformance } = health.environment;
      return [
        `installed (${record.accelerator})`,
        formatBytes(record.bytes),
        record.lockHash,
        record.python,
        conformanceText(conformance),
      ];
    }
    case 'installable':
      return [health.reason, sizeOf(health.locks), '-', health.locks[0]?.python ?? '-', '-'];
    case 'impossible':
      return [`impossible here: ${health.reason}`, '-', '-', '-', '-'];
  }
}

const sizeOf = (locks: readonly Lock[]): string => {
  const bytes = locks.find(({ accelerator }) => accelerator === 'cpu')?.installedBytes;
  return bytes === undefined ? '-' : formatBytes(bytes);
};

function conformanceText(conformance: Conformance | undefined): string {
  if (conformance === undefined) return 'not verified';
  const { passed, problems } = conformance;
  return problems.length === 0 ? `conforms (${passed} cases)` : `${problems.length} problems`;
}

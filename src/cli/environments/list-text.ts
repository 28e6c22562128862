/** The table of environments. */

import type { EnvironmentHealth } from '../../environments/health.ts';
import type { Lock } from '../../environments/lock.ts';
import type { NpmBuildHealth } from '../../environments/npm-build.ts';
import type { Conformance } from '../../environments/record.ts';
import type { Say } from '../../kernel/language.ts';
import { formatBytes } from '../ui/numbers.ts';
import { table } from '../ui/table.ts';

export interface ListedEnvironment {
  readonly label: string;
  readonly health: EnvironmentHealth | NpmBuildHealth;
}

export function environmentsTable(environments: readonly ListedEnvironment[], say: Say): string {
  return table(
    [
      { title: say({ en: 'environment', ja: '環境' }) },
      { title: say({ en: 'state', ja: '状態' }) },
      { title: say({ en: 'size', ja: '大きさ' }), align: 'right' },
      { title: say({ en: 'lock', ja: 'ロック' }) },
      { title: 'Python' },
      { title: say({ en: 'conformance', ja: '適合性' }) },
    ],
    environments.map(({ label, health }) => [label, ...cells(health, say)]),
  );
}

function cells(health: ListedEnvironment['health'], say: Say): readonly string[] {
  switch (health.kind) {
    case 'ready': {
      const { record, conformance } = health.environment;
      return [
        say({ en: `installed (${record.accelerator})`, ja: `インストール済み（${record.accelerator}）` }),
        formatBytes(record.bytes),
        record.lockHash,
        record.python,
        conformanceText(conformance, say),
      ];
    }
    case 'installable':
      return [say(health.reason), sizeOf(health.locks), '-', health.locks[0]?.python ?? '-', '-'];
    case 'npm-ready':
      return [
        say({ en: `installed (${health.build.device})`, ja: `インストール済み（${health.build.device}）` }),
        formatBytes(health.build.installedBytes),
        health.build.version,
        '-',
        '-',
      ];
    case 'npm-installable':
      return [say(health.reason), formatBytes(health.build.installedBytes), '-', '-', '-'];
    case 'impossible':
      return [
        say({ en: `impossible here: ${health.reason.en}`, ja: `ここでは不可能: ${health.reason.ja}` }),
        '-',
        '-',
        '-',
        '-',
      ];
  }
}

const sizeOf = (locks: readonly Lock[]): string => {
  const bytes = locks.find(({ accelerator }) => accelerator === 'cpu')?.installedBytes;
  return bytes === undefined ? '-' : formatBytes(bytes);
};

function conformanceText(conformance: Conformance | undefined, say: Say): string {
  if (conformance === undefined) return say({ en: 'not verified', ja: '未検証' });
  const { passed, problems } = conformance;
  return problems.length === 0
    ? say({ en: `conforms (${passed} cases)`, ja: `適合（${passed} 項目）` })
    : say({ en: `${problems.length} problems`, ja: `問題 ${problems.length} 件` });
}

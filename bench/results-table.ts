/** Comparisons of result files -> the Markdown tables between two markers of bench/results/README.md. Pure. */
import { markdownTable } from 'markdown-table';
import type { Row } from './bare-loops/compare.ts';
import { ratioText } from './bare-loops/row-text.ts';
import type { ConversionResult } from './conversion/part.ts';
import { conversionTable } from './conversion/table.ts';
import type { FidelityResult } from './fidelity/part.ts';
import { fidelityTables } from './fidelity/table.ts';
import type { QualityOf } from './quality/part.ts';
import { qualityTables } from './quality/table.ts';
import type { Conditions } from './result.ts';
import type { SameResult } from './same/part.ts';
import { sameTable } from './same/table.ts';
import type { SideBySide } from './side-by-side/part.ts';
import { sideBySideTables } from './side-by-side/table.ts';
import type { TrustResult } from './trust/part.ts';
import { trustTables } from './trust/table.ts';
import type { VerdictsResult } from './verdicts/part.ts';
import { verdictsTable } from './verdicts/table.ts';

export type Result = Conditions & {
  readonly part: string;
  readonly rows?: readonly Row[];
  readonly trust?: TrustResult;
  readonly same?: SameResult;
  readonly quality?: readonly QualityOf[];
  readonly fidelity?: FidelityResult;
  readonly sideBySide?: SideBySide;
  readonly verdicts?: VerdictsResult;
  readonly conversions?: readonly ConversionResult[];
};

const BEGIN = '<!-- tables: written by npm run bench -->';
const END = '<!-- tables: end -->';

/** `readme` with its tables renewed; they go to the end where it has none. */
export function withTables(readme: string, results: readonly (readonly [file: string, Result])[]): string {
  const [before = '', rest = ''] = readme.split(BEGIN);
  const after = rest.split(END)[1] ?? '\n';
  const tables = results.flatMap(([file, result]) => [
    ...(result.sideBySide === undefined ? [] : [sideBySideTables(file, head(result), result.sideBySide)]),
    ...(result.rows === undefined ? [] : [table(file, result)]),
    ...(result.trust === undefined ? [] : [trustTables(file, result.trust)]),
    ...(result.quality === undefined ? [] : [qualityTables(file, result.quality)]),
    ...(result.fidelity === undefined ? [] : [fidelityTables(file, result.fidelity)]),
    ...(result.same === undefined ? [] : [sameTable(file, result.same)]),
    ...(result.verdicts === undefined ? [] : [verdictsTable(file, result.verdicts)]),
    ...(result.conversions === undefined ? [] : [conversionTable(file, result.conversions)]),
  ]);
  return `${before.trimEnd()}\n\n${BEGIN}\n\n${tables.join('\n\n')}\n\n${END}${after}`;
}

/** When, with which versions, on which machine. */
function head(result: Result): string {
  const packages = Object.entries(result.packages).map(([name, version]) => `${name} ${version}`);
  const machine = `${result.cpuModel ?? 'unknown CPU'}, ${result.logicalCpus} CPUs${result.hypervisor === undefined ? '' : `, under ${result.hypervisor}`}`;
  return `${result.wallTime.slice(0, 16).replace('T', ' ')} UTC; Hayasa ${result.hayasa}, Node.js ${result.node}, ${packages.join(', ')}; ${machine}.`;
}

function table(file: string, result: Result): string {
  const columns = [
    'engine / baseline',
    'precision',
    'batch',
    'in + out',
    'blocks',
    'ratio (95 %)',
    'tokens/s',
    'same tokens',
    'foreign CPU',
  ];
  return [
    `**[${file}](${file})**: ${head(result)}`,
    markdownTable([columns, ...(result.rows ?? []).map(cells)]),
  ].join('\n\n');
}

const cells = (row: Row): string[] => [
  `${row.engine} / ${row.baseline}`,
  row.work.precision,
  String(row.work.batch),
  `${row.work.input} + ${row.work.output}`,
  String(row.blocks),
  ratioText(row),
  `${row.engineTokensPerSecond.toFixed(1)} / ${row.baselineTokensPerSecond.toFixed(1)}`,
  row.sameTokens ? 'yes' : 'no',
  row.noise.foreignCpuShare?.toFixed(2) ?? '-',
];

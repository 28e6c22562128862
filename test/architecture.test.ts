/** The house keeps its shape: who may import whom, what pure rooms may not touch, sizes, cycles, exports. */
import { describe, expect, it } from 'vitest';
import { importCycles, type SourceFile, sourceFiles, valueClosure } from './support/source-files.ts';

/** What each room may import beside itself. The longest matching path is a file's room. */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  kernel: [],
  host: ['kernel'],
  models: ['kernel', 'host'],
  hub: ['kernel', 'host', 'models'],
  native: ['kernel', 'host', 'models', 'protocol'],
  axes: ['kernel', 'models'],
  protocol: ['kernel', 'models'],
  sampling: ['kernel', 'protocol'],
  worker: ['kernel', 'host', 'protocol'],
  process: ['kernel', 'host', 'protocol'],
  environments: ['kernel', 'host'],
  engines: [
    'kernel',
    'host',
    'models',
    'native',
    'axes',
    'protocol',
    'sampling',
    'process',
    'worker',
    'environments',
  ],
  'engines/contract': ['kernel', 'host', 'models', 'protocol', 'engines', 'executors'],
  executors: ['kernel', 'host', 'protocol', 'process', 'worker', 'engines'],
  verdicts: ['kernel', 'axes', 'stats'],
  study: ['kernel', 'models', 'axes', 'engines', 'verdicts'],
  plan: ['kernel', 'models', 'axes', 'engines', 'study', 'schedule'],
  stats: ['kernel'],
  schedule: ['kernel', 'axes', 'stats'],
  text: ['kernel', 'host', 'models'],
  journal: ['kernel', 'host', 'axes', 'protocol'],
  // What counts as a disturbance, and what a run's values say of the machine: the run loop and the report ask alike.
  noise: ['kernel', 'journal', 'stats'],
  machine: ['kernel', 'host', 'models', 'native', 'journal', 'protocol'],
  metrics: ['kernel', 'models', 'axes', 'journal', 'protocol', 'stats'],
  dialects: ['kernel', 'journal', 'protocol', 'metrics', 'stats'],
  importers: ['kernel', 'study', 'metrics', 'stats', 'dialects'],
  run: [
    ...[
      'kernel',
      'host',
      'hub',
      'models',
      'axes',
      'engines',
      'study',
      'plan',
      'schedule',
      'protocol',
      'executors',
    ],
    ...['machine', 'text', 'journal', 'metrics', 'stats', 'noise'],
  ],
  report: [
    ...[
      'kernel',
      'host',
      'models',
      'axes',
      'engines',
      'study',
      'plan',
      'journal',
      'metrics',
      'stats',
      'verdicts',
    ],
    ...['protocol', 'machine', 'dialects', 'importers', 'noise'],
  ],
  record: ['kernel', 'verdicts', 'report'],
  compare: ['kernel', 'axes', 'models', 'protocol', 'journal', 'metrics', 'stats', 'report'],
  provenance: ['kernel', 'axes', 'journal', 'protocol', 'metrics', 'stats', 'report'],
  docs: [
    'kernel',
    'models',
    'axes',
    'engines',
    'verdicts',
    'study',
    'metrics',
    'dialects',
    'importers',
    'cli',
  ],
  why: ['kernel', 'axes', 'journal', 'protocol', 'metrics', 'stats', 'report', 'compare'],
  cli: [
    ...[
      'kernel',
      'host',
      'hub',
      'models',
      'axes',
      'engines',
      'verdicts',
      'study',
      'plan',
      'schedule',
      'protocol',
      'executors',
    ],
    ...[
      'machine',
      'text',
      'journal',
      'metrics',
      'stats',
      'noise',
      'dialects',
      'importers',
      'run',
      'report',
      'record',
      'compare',
      'provenance',
      'why',
      'docs',
    ],
    ...['environments', 'engines/contract'],
  ],
};

/** Rooms whose every file is pure: values in, values out. */
const PURE_ROOMS: ReadonlySet<string> = new Set([
  'kernel',
  'axes',
  'protocol',
  'sampling',
  'study',
  'plan',
  'schedule',
  'metrics',
  'stats',
  'verdicts',
  'dialects',
  'importers',
  'compare',
  'noise',
  'provenance',
  'record',
  'why',
]);
/** Pure files of rooms that are not. */
const PURE_FILES = [
  /^engines\/(declaration|declarations)\.ts$/,
  /^engines\/[^/]+\/(declaration|options)\.ts$/,
  /^journal\/(records|record-parts|equal-outputs|state|progress|sample|migration|noise-figures|packed-repeats|pack-repeats)\.ts$/,
  /^report\//,
  /^models\/(shape|description|precision|counts|presets)\.ts$/,
  /^models\/architectures\//,
];

/** Modules of the outside world, which only `host` opens. */
const WORLD =
  /^node:(fs|fs\/promises|child_process|os|net|http|https|dgram|dns|tls|cluster|timers|timers\/promises)$/;
const WORLD_DOORS: ReadonlySet<string> = new Set(['host']);
/** Reading a clock or a random source, outside of comments and text. */
const AMBIENT =
  /\b(Date\.now|new Date\(\)|process\.hrtime|performance\.now|Math\.random|setTimeout\(|setInterval\(|setImmediate\()/;
/** Files that may use a timer, with the reason. */
const TIMER_EXCEPTIONS: Readonly<Record<string, string>> = {
  'worker/main.ts': 'the orphan watchdog looks at the parent process every second',
  'cli/ui/terminal.ts': 'the error of an earlier write is told a turn after a later write has succeeded',
};

const MAXIMUM_LINES = 400;

const files = sourceFiles();
const product = files.filter(({ isTest }) => !isTest);
const roomOf = (path: string): string | undefined =>
  Object.keys(ROOMS)
    .filter((room) => path.startsWith(`${room}/`))
    .sort((a, b) => b.length - a.length)[0];
const isPure = ({ path }: SourceFile): boolean =>
  PURE_ROOMS.has(roomOf(path) ?? '') || PURE_FILES.some((pattern) => pattern.test(path));

describe('the house', () => {
  it('is read as a graph: a worker reaches the frames that it speaks', () => {
    const main = files.find(({ path }) => path === 'worker/main.ts');
    expect(valueClosure(main!, files).map(({ path }) => path)).toEqual(
      expect.arrayContaining(['worker/control.ts', 'protocol/frames.ts', 'host/files.ts']),
    );
  });

  it('has a room for every file', () => {
    expect(files.filter(({ path }) => roomOf(path) === undefined).map(({ path }) => path)).toEqual([]);
  });

  it('lets rooms import only what the table allows', () => {
    const wrong = product.flatMap((file) => {
      const room = roomOf(file.path) ?? '';
      return file.imports
        .filter(({ target }) => {
          const other = target === undefined ? room : (roomOf(target) ?? '');
          return other !== room && !(ROOMS[room] ?? []).includes(other);
        })
        .map(({ target }) => `${file.path} imports ${target ?? ''}`);
    });
    expect(wrong).toEqual([]);
  });

  it('opens the outside world in one place', () => {
    const wrong = product.flatMap((file) =>
      WORLD_DOORS.has(roomOf(file.path) ?? '')
        ? []
        : file.imports
            .filter(({ specifier, typeOnly }) => WORLD.test(specifier) && !typeOnly)
            .map(({ specifier }) => `${file.path} imports ${specifier}`),
    );
    expect(wrong).toEqual([]);
  });

  it('reads clocks and random sources in one place', () => {
    const wrong = product
      .filter(({ path }) => roomOf(path) !== 'host' && TIMER_EXCEPTIONS[path] === undefined)
      .filter(({ code }) => AMBIENT.test(code))
      .map(({ path, code }) => `${path}: ${AMBIENT.exec(code)?.[0] ?? ''}`);
    expect(wrong).toEqual([]);
  });

  it('keeps pure files pure, with everything that they import', () => {
    const wrong = product.filter(isPure).flatMap((file) =>
      valueClosure(file, files)
        .filter(({ path }) => roomOf(path) === 'host')
        .map(({ path }) => `${file.path} reaches ${path}`),
    );
    expect(wrong).toEqual([]);
  });

  it('plans a study without reading what only other commands need', () => {
    const plan = files.find(({ path }) => path === 'cli/commands/plan.ts');
    const packages = new Set(
      valueClosure(plan!, files).flatMap(({ imports }) =>
        imports.filter(({ typeOnly }) => !typeOnly).map(({ specifier }) => specifier),
      ),
    );
    for (const late of ['koffi', 'log-update', 'vega', 'vega-lite', 'cli-table3']) {
      expect(packages).not.toContain(late);
    }
    expect(packages).toContain('zod');
  });

  it('has no cycles', () => {
    expect(importCycles(files)).toEqual([]);
  });

  it(`has no file beyond ${MAXIMUM_LINES} lines, and no default export`, () => {
    expect(files.filter(({ lines }) => lines > MAXIMUM_LINES).map(({ path }) => path)).toEqual([]);
    expect(product.filter(({ code }) => /^export default/m.test(code)).map(({ path }) => path)).toEqual([]);
  });
});

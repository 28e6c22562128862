/** The sources as a graph, for tests of the architecture. Imports are read from the text: they are all static or named. */
import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface SourceFile {
  /** Relative to `src/`. */
  readonly path: string;
  readonly lines: number;
  /** Without comments and without the content of text literals. */
  readonly code: string;
  readonly imports: readonly Import[];
  readonly isTest: boolean;
}

export interface Import {
  readonly specifier: string;
  /** The imported source, relative to `src/`; undefined for packages and Node's own modules. */
  readonly target: string | undefined;
  readonly typeOnly: boolean;
}

const ROOT = fileURLToPath(new URL('../../src/', import.meta.url));
const IMPORT = /^\s*(?:import|export)\s+(type\s)?[^;'"]*?from\s+'([^']+)'|^\s*import\s+'([^']+)'/gm;

export function sourceFiles(): SourceFile[] {
  return readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
    .map((path) => path.split('\\').join('/'))
    .filter((path) => path.endsWith('.ts'))
    .sort()
    .map((path) => {
      const text = readFileSync(`${ROOT}${path}`, 'utf8');
      return {
        path,
        lines: text.split('\n').length - 1,
        code: withoutText(withoutComments(text)),
        imports: importsOf(path, withoutComments(text)),
        isTest: path.endsWith('.test.ts'),
      };
    });
}

/** Everything that `file` loads at run time, itself included. */
export function valueClosure(file: SourceFile, files: readonly SourceFile[]): SourceFile[] {
  const byPath = new Map(files.map((each) => [each.path, each]));
  const seen = new Set<SourceFile>();
  const queue = [file];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    for (const { target, typeOnly } of next.imports) {
      const imported = target === undefined || typeOnly ? undefined : byPath.get(target);
      if (imported !== undefined) queue.push(imported);
    }
  }
  return [...seen];
}

/** One cycle per file that closes one, as `a -> b -> a`; types count too. */
export function importCycles(files: readonly SourceFile[]): string[] {
  const byPath = new Map(files.map((each) => [each.path, each]));
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start !== -1) {
      cycles.push([...trail.slice(start), path].join(' -> '));
      return;
    }
    if (done.has(path)) return;
    for (const { target } of byPath.get(path)?.imports ?? []) {
      if (target !== undefined) visit(target, [...trail, path]);
    }
    done.add(path);
  };
  for (const { path } of files) visit(path, []);
  return cycles;
}

function importsOf(path: string, text: string): Import[] {
  return [...text.matchAll(IMPORT)].map(([, type, from, bare]) => {
    const specifier = from ?? bare ?? '';
    return {
      specifier,
      target: specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : undefined,
      typeOnly: type !== undefined,
    };
  });
}

const withoutComments = (text: string): string =>
  text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|\s)\/\/.*$/gm, '$1');

const withoutText = (text: string): string => text.replaceAll(/'(?:[^'\\\n]|\\.)*'/g, "''");

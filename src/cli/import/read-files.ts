/** Reads files of other benchmarks that are named on the command line. */
import { basename, resolve } from 'node:path';
import type { Host } from '../../host/host.ts';
import { MAXIMUM_FILE_BYTES } from '../../importers/document.ts';
import { importText } from '../../importers/import-text.ts';
import type { ImportedFile } from '../../importers/imported.ts';
import { HayasaError, type Problem, ProblemsError } from '../../kernel/errors.ts';

/**
 * Every file's content, in the order of `names`; `format` is an importer's id or `auto`.
 * @throws ProblemsError with the problems of all files; HayasaError `file/missing`, `file/not-readable`, `import/too-large`
 */
export function readImports(
  { files, system }: Host,
  names: readonly string[],
  format: string,
): readonly ImportedFile[] {
  const imported: ImportedFile[] = [];
  const problems: Problem[] = [];
  const seen = new Map<string, string>();
  for (const name of names) {
    const path = resolve(system.currentFolder, name);
    const size = files.size(path);
    if (size !== undefined && size > MAXIMUM_FILE_BYTES) {
      throw new HayasaError({
        code: 'import/too-large',
        message: {
          en: `${name} has ${size} bytes; at most ${MAXIMUM_FILE_BYTES} are read`,
          ja: `${name} は ${size} バイトあります。読むのは ${MAXIMUM_FILE_BYTES} バイトまでです`,
        },
        hint: {
          en: 'save it without the details of each request',
          ja: 'リクエストごとの詳細を除いて保存してください',
        },
      });
    }
    const text = files.readText(path);
    const twin = seen.get(text);
    if (twin !== undefined) {
      // Counted twice, one run would get an interval of width 0.
      problems.push({
        path: name,
        message: { en: `has the same content as ${twin}`, ja: `${twin} と内容が同じです` },
      });
      continue;
    }
    seen.set(text, name);
    const result = importText(text, basename(name), format);
    if (result.kind === 'imported') imported.push(result.imported);
    else problems.push(...result.problems.map((one) => ({ ...one, path: placed(name, one.path) })));
  }
  if (problems.length > 0) throw new ProblemsError('hayasa import', problems);
  return imported;
}

const placed = (name: string, path: string): string => (path === '' ? name : `${name}: ${path}`);

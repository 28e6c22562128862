/** Reads a study file named on the command line. */
import { basename, resolve } from 'node:path';
import type { Host } from '../host/host.ts';

/** @throws HayasaError `file/missing`, `file/not-readable` */
export function readStudyFile(
  { files, system }: Host,
  file: string,
): { readonly studyText: string; readonly studyName: string } {
  return { studyText: files.readText(resolve(system.currentFolder, file)), studyName: basename(file) };
}

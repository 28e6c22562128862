/**
 * Values without what tells where they were measured beyond the hardware: paths of the machine, its name, its user. What
 * engines print (the end of their stderr, locations of libraries) is full of paths. `/proc`, `/sys`, `/etc` and `/dev` are
 * the same everywhere and stay.
 */

import { basename } from 'node:path';

export interface PrivateNames {
  readonly hostName: string | undefined;
  readonly userName: string | undefined;
  /** Folders of this machine, as absolute paths. */
  readonly folders: readonly string[];
  /** Absolute paths of models: their last part stays, for it is the model's name where a study gives none. */
  readonly models: readonly string[];
}

/** A part of a path: anything but blanks, slashes, quotes and what usually ends a path in a message. */
const PART = String.raw`[^\s/'"\`:;,()[\]{}<>|]+`;
const POSIX_PATH = new RegExp(
  String.raw`(?:(?<![\w./<>~-])|(?<=file:\/\/))~?\/(?!(?:proc|sys|etc|dev)\/)(?:${PART}\/)+(?:${PART})?`,
  'g',
);
const WINDOWS_PATH = /(?<!\w)[A-Za-z]:\\(?:[^\s\\'"<>|]+\\)*[^\s\\'"<>|]*/g;
/** Too short or too common to be taken for a name wherever they stand. */
const COMMON: ReadonlySet<string> = new Set(['localhost', 'root', 'user', 'node', 'runner', 'ubuntu']);

/** A function that takes names and paths out of a text; a path keeps the name of its file. */
export function anonymiser({ hostName, userName, folders, models }: PrivateNames): (text: string) => string {
  const known = longestFirst(folders.filter((folder) => folder.length > 1)).map(mentions);
  const named = longestFirst(models).map((path) => [mentions(path), basename(path)] as const);
  const host = isName(hostName) ? new RegExp(`(?<![\\w-])${escaped(hostName)}(?![\\w-])`, 'g') : undefined;
  const user = userName === undefined ? undefined : new RegExp(`(?<!\\w)${escaped(userName)}@`, 'g');
  return (text) => {
    let result = text;
    for (const [path, name] of named) result = result.replaceAll(path, () => name);
    // Under a folder that is known first, so that a path with blanks in it leaves nothing behind.
    for (const folder of known) result = result.replaceAll(folder, '/machine/folder');
    result = result.replaceAll(POSIX_PATH, (path) => withoutFolders(path, '/'));
    result = result.replaceAll(WINDOWS_PATH, (path) => withoutFolders(path, '\\'));
    if (host !== undefined) result = result.replaceAll(host, '<host>');
    return user === undefined ? result : result.replaceAll(user, '<user>@');
  };
}

/** `value` with every text in it, keys included, passed through `anonymise`. */
export function anonymous<T>(value: T, anonymise: (text: string) => string): T {
  const of = (one: unknown): unknown => {
    if (typeof one === 'string') return anonymise(one);
    if (Array.isArray(one)) return one.map(of);
    if (typeof one !== 'object' || one === null) return one;
    return Object.fromEntries(Object.entries(one).map(([key, inner]) => [anonymise(key), of(inner)]));
  };
  return of(value) as T;
}

/** `<path>/libllama.so`: only what looks like a file keeps its name, for the last part of others may be a user's. */
function withoutFolders(path: string, separator: string): string {
  const parts = path.split(separator).filter((part) => part !== '');
  const last = parts.at(-1) ?? '';
  const isFile = parts.length > 2 && /\w\.\w/.test(last) && !path.endsWith(separator);
  return isFile ? `<path>/${last}` : '<path>';
}

const longestFirst = (paths: readonly string[]): string[] => [...paths].sort((a, b) => b.length - a.length);

/** Where a path stands whole, or what is below it begins. */
const mentions = (path: string): RegExp => new RegExp(`${escaped(path)}(?![\\w-])`, 'g');

const isName = (name: string | undefined): name is string =>
  name !== undefined && name.length >= 3 && !COMMON.has(name);

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);

/**
 * Where the shared library of ONNX Runtime lies: inside the npm package onnxruntime-node, which this binding uses only
 * as the carrier of the library (its own JavaScript API is not loaded). One folder per platform and architecture.
 */

import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import koffi, { type LibraryHandle } from 'koffi';
import { EXIT, HayasaError, messageOf } from '../../kernel/errors.ts';
import type { Words } from '../../kernel/language.ts';

export interface Platform {
  /** Node's name: `linux`, `darwin`, `win32`. */
  readonly platform: string;
  /** Node's name: `x64`, `arm64`. */
  readonly architecture: string;
}

const packageName = 'onnxruntime-node';
/** Library files by `platform/architecture`, below the package's folder of native code. */
const libraries: Readonly<Record<string, string>> = {
  'linux/x64': 'libonnxruntime.so.1',
  'linux/arm64': 'libonnxruntime.so.1',
  'darwin/arm64': 'libonnxruntime.1.dylib',
  'win32/x64': 'onnxruntime.dll',
  'win32/arm64': 'onnxruntime.dll',
};

/**
 * Absolute path of the library for `platform`.
 * @throws HayasaError `onnxruntime/no-library` where the npm package has none for it or is not installed.
 */
export function libraryPath({ platform, architecture }: Platform): string {
  const target = `${platform}/${architecture}`;
  const file = libraries[target];
  if (file === undefined) {
    throw noLibrary(
      {
        en: `${packageName} has no library for ${target}`,
        ja: `${packageName} に ${target} 用のライブラリはありません`,
      },
      {
        en: `it has: ${Object.keys(libraries).join(', ')}`,
        ja: `あるもの: ${Object.keys(libraries).join(', ')}`,
      },
    );
  }
  return join(packageFolder(), 'bin', 'napi-v6', platform, architecture, file);
}

/** koffi unloads a library whose handle is collected, but the table of functions holds bare addresses into it. */
const loaded = new Set<LibraryHandle>();

/**
 * Loads the library into this process, for as long as that lives.
 * @throws HayasaError `onnxruntime/no-library` with the loader's own words.
 */
export function loadLibrary(platform: Platform): LibraryHandle {
  const path = libraryPath(platform);
  try {
    const library = koffi.load(path);
    loaded.add(library);
    return library;
  } catch (error) {
    throw noLibrary(
      { en: `cannot load ${path}: ${messageOf(error)}`, ja: `${path} を読み込めません: ${messageOf(error)}` },
      { en: 'install the npm packages again (npm ci)', ja: 'npm パッケージを入れ直してください（npm ci）' },
      error,
    );
  }
}

function packageFolder(): string {
  try {
    return dirname(createRequire(import.meta.url).resolve(`${packageName}/package.json`));
  } catch (error) {
    throw noLibrary(
      {
        en: `the npm package ${packageName} is not installed`,
        ja: `npm パッケージ ${packageName} がインストールされていません`,
      },
      { en: 'run npm ci', ja: 'npm ci を実行してください' },
      error,
    );
  }
}

function noLibrary(message: Words, hint: Words, cause?: unknown): HayasaError {
  return new HayasaError({
    code: 'onnxruntime/no-library',
    message,
    hint,
    exitCode: EXIT.refusedByPlan,
    cause,
  });
}

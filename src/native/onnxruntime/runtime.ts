/**
 * ONNX Runtime's C API: environment, sessions, tensors over own memory, and runs with everything bound beforehand.
 * Deliberately not here: the library's copying `Run`, other devices than the CPU, operators of one's own.
 */
import type { LibraryHandle } from 'koffi';
import { EXIT, HayasaError } from '../../kernel/errors.ts';
import { API_VERSION, type OrtFunctions, type Pointer, readFunctions, readVersion } from './api-table.ts';
import { loadLibrary, type Platform } from './library.ts';
import { createSessionOptions, type SessionOptions } from './session.ts';
import { check, created } from './status.ts';
import { allocate, ELEMENT_TYPES, type ElementType, type OrtTensor } from './tensor.ts';

export interface OrtRuntime {
  /** E.g. `1.30.0`. */
  readonly version: string;
  /** Loads a graph from a file (external weights lie beside it) or from bytes. @throws OrtError */
  createSession(
    model: { readonly path: string } | { readonly bytes: Uint8Array },
    options: SessionOptions,
  ): OrtSession;
  /** A tensor over `memory`, which must come from `allocate` (or another ArrayBuffer of its own). @throws OrtError */
  tensor(type: ElementType, dimensions: readonly number[], memory: ArrayBufferView): OrtTensor;
  createRunOptions(): OrtRunOptions;
  /** Everything created from the runtime must have been released. */
  release(): void;
}

export interface OrtSession {
  createBinding(): OrtBinding;
  release(): void;
}

/** Inputs and outputs of one session, bound by name; may be run any number of times. */
export interface OrtBinding {
  bindInput(name: string, tensor: OrtTensor): void;
  bindOutput(name: string, tensor: OrtTensor): void;
  /** Blocks until the outputs are in their memory. @throws OrtError */
  run(options?: OrtRunOptions): void;
  release(): void;
}

export interface OrtRunOptions {
  readonly handle: Pointer;
  /** Makes the run that uses these options end with an error; callable from another thread. */
  terminate(): void;
  /** Makes the options usable again. */
  resume(): void;
  release(): void;
}

const warning = 2;

/**
 * Loads the library and makes an environment.
 * @throws HayasaError `onnxruntime/no-library`, `onnxruntime/too-old`
 */
export function openOnnxRuntime(platform: Platform): OrtRuntime {
  const library = loadLibrary(platform);
  const version = readVersion(library);
  const functions = requireFunctions(library, version, platform);
  const environment = created(functions, (out) => functions.CreateEnv(warning, 'hayasa', out));
  const arenaAllocator = 1;
  const defaultMemory = 0;
  const memory = created(functions, (out) =>
    functions.CreateCpuMemoryInfo(arenaAllocator, defaultMemory, out),
  );
  return {
    version,
    createSession: (model, options) => createSession(functions, environment, model, options),
    tensor: (type, dimensions, data) => createTensor(functions, memory, type, dimensions, data),
    createRunOptions: () => createRunOptions(functions),
    release: () => {
      functions.ReleaseMemoryInfo(memory);
      functions.ReleaseEnv(environment);
    },
  };
}

function requireFunctions(library: LibraryHandle, version: string, { platform }: Platform): OrtFunctions {
  const functions = readFunctions(library, platform);
  if (functions === undefined) {
    throw new HayasaError({
      code: 'onnxruntime/too-old',
      message: {
        en: `ONNX Runtime ${version} does not know version ${API_VERSION} of its C API`,
        ja: `ONNX Runtime ${version} には C API のバージョン ${API_VERSION} がありません`,
      },
      hint: {
        en: 'run npm ci to get the locked version',
        ja: 'npm ci を実行して、固定されたバージョンを入れてください',
      },
      exitCode: EXIT.refusedByPlan,
    });
  }
  return functions;
}

function createSession(
  functions: OrtFunctions,
  environment: Pointer,
  model: { readonly path: string } | { readonly bytes: Uint8Array },
  options: SessionOptions,
): OrtSession {
  const native = createSessionOptions(functions, options);
  try {
    const handle = created(functions, (out) =>
      'path' in model
        ? functions.CreateSession(environment, model.path, native, out)
        : functions.CreateSessionFromArray(environment, model.bytes, model.bytes.byteLength, native, out),
    );
    return {
      createBinding: () => createBinding(functions, handle),
      release: () => functions.ReleaseSession(handle),
    };
  } finally {
    functions.ReleaseSessionOptions(native);
  }
}

function createTensor(
  functions: OrtFunctions,
  memoryInfo: Pointer,
  type: ElementType,
  dimensions: readonly number[],
  memory: ArrayBufferView,
): OrtTensor {
  const { code } = ELEMENT_TYPES[type];
  const shape = allocate('int64', dimensions.length);
  dimensions.forEach((dimension, i) => {
    shape[i] = BigInt(dimension);
  });
  const handle = created(functions, (out) =>
    functions.CreateTensorWithDataAsOrtValue(
      memoryInfo,
      memory,
      memory.byteLength,
      shape,
      dimensions.length,
      code,
      out,
    ),
  );
  return { handle, type, dimensions, memory, release: () => functions.ReleaseValue(handle) };
}

function createBinding(functions: OrtFunctions, session: Pointer): OrtBinding {
  const handle = created(functions, (out) => functions.CreateIoBinding(session, out));
  /** Keeps the bound memory reachable: the library holds bare addresses. */
  const bound = new Map<string, OrtTensor>();
  const { RunWithBinding } = functions;
  return {
    bindInput: (name, tensor) => {
      check(functions, functions.BindInput(handle, name, tensor.handle));
      bound.set(`input ${name}`, tensor);
    },
    bindOutput: (name, tensor) => {
      check(functions, functions.BindOutput(handle, name, tensor.handle));
      bound.set(`output ${name}`, tensor);
    },
    run: (options) => {
      const status = RunWithBinding(session, options === undefined ? null : options.handle, handle);
      if (status !== null) check(functions, status);
    },
    release: () => {
      functions.ReleaseIoBinding(handle);
      bound.clear();
    },
  };
}

function createRunOptions(functions: OrtFunctions): OrtRunOptions {
  const handle = created(functions, (out) => functions.CreateRunOptions(out));
  return {
    handle,
    terminate: () => check(functions, functions.RunOptionsSetTerminate(handle)),
    resume: () => check(functions, functions.RunOptionsUnsetTerminate(handle)),
    release: () => functions.ReleaseRunOptions(handle),
  };
}

/**
 * `OrtApi` is a struct of function pointers that ONNX Runtime only ever appends to (onnxruntime_c_api.h: "The actual
 * types defined in this struct are append-only"), so an index is stable across versions. This table names the ones that
 * are called here: index, then the C signature. Every function that can fail returns `OrtStatus *` (null = success).
 * Opaque handles are `void *` on this side and numbers (`Pointer`) in JavaScript.
 */
import koffi, { type LibraryHandle } from 'koffi';

/** An opaque handle of the library, as koffi represents `void *`; null is no object. */
export type Pointer = bigint;
/** A cell for an `_Out_ void **` argument. */
export type OutPointer = [Pointer | null];

/** Version of the struct that is asked for; libraries from 1.22 on know it. */
export const API_VERSION = 22;

type Status = Pointer | null;

export interface OrtFunctions {
  GetErrorCode(status: Pointer): number;
  GetErrorMessage(status: Pointer): string;
  CreateEnv(logLevel: number, logId: string, out: OutPointer): Status;
  CreateSession(env: Pointer, path: string | Uint8Array, options: Pointer, out: OutPointer): Status;
  CreateSessionFromArray(
    env: Pointer,
    bytes: Uint8Array,
    length: number,
    options: Pointer,
    out: OutPointer,
  ): Status;
  CreateSessionOptions(out: OutPointer): Status;
  SetSessionExecutionMode(options: Pointer, mode: number): Status;
  DisableMemPattern(options: Pointer): Status;
  DisableCpuMemArena(options: Pointer): Status;
  EnableProfiling(options: Pointer, prefix: string | Uint8Array): Status;
  SetOptimizedModelFilePath(options: Pointer, path: string | Uint8Array): Status;
  SetSessionGraphOptimizationLevel(options: Pointer, level: number): Status;
  SetIntraOpNumThreads(options: Pointer, threads: number): Status;
  SetInterOpNumThreads(options: Pointer, threads: number): Status;
  CreateRunOptions(out: OutPointer): Status;
  RunOptionsSetTerminate(options: Pointer): Status;
  RunOptionsUnsetTerminate(options: Pointer): Status;
  CreateTensorWithDataAsOrtValue(
    memory: Pointer,
    data: ArrayBufferView,
    byteLength: number,
    dimensions: BigInt64Array,
    rank: number,
    elementType: number,
    out: OutPointer,
  ): Status;
  CreateCpuMemoryInfo(allocator: number, memoryType: number, out: OutPointer): Status;
  ReleaseEnv(env: Pointer): void;
  ReleaseStatus(status: Pointer): void;
  ReleaseMemoryInfo(memory: Pointer): void;
  ReleaseSession(session: Pointer): void;
  ReleaseValue(value: Pointer): void;
  ReleaseRunOptions(options: Pointer): void;
  ReleaseSessionOptions(options: Pointer): void;
  AddSessionConfigEntry(options: Pointer, key: string, value: string): Status;
  RunWithBinding(session: Pointer, runOptions: Pointer | null, binding: Pointer): Status;
  CreateIoBinding(session: Pointer, out: OutPointer): Status;
  ReleaseIoBinding(binding: Pointer): void;
  BindInput(binding: Pointer, name: string, value: Pointer): Status;
  BindOutput(binding: Pointer, name: string, value: Pointer): Status;
}

type Signature = readonly [index: number, result: string, ...parameters: string[]];

const status = 'void *';
const out = '_Out_ void **';

/** `wide` is the type of a path: `ORTCHAR_T` is wchar_t on Windows and char elsewhere. */
const signatures = (path: string): Readonly<Record<keyof OrtFunctions, Signature>> => ({
  GetErrorCode: [1, 'int', 'void *'],
  GetErrorMessage: [2, 'const char *', 'void *'],
  CreateEnv: [3, status, 'int', 'const char *', out],
  CreateSession: [7, status, 'void *', path, 'void *', out],
  CreateSessionFromArray: [8, status, 'void *', 'void *', 'size_t', 'void *', out],
  CreateSessionOptions: [10, status, out],
  SetOptimizedModelFilePath: [11, status, 'void *', path],
  SetSessionExecutionMode: [13, status, 'void *', 'int'],
  EnableProfiling: [14, status, 'void *', path],
  DisableMemPattern: [17, status, 'void *'],
  DisableCpuMemArena: [19, status, 'void *'],
  SetSessionGraphOptimizationLevel: [23, status, 'void *', 'int'],
  SetIntraOpNumThreads: [24, status, 'void *', 'int'],
  SetInterOpNumThreads: [25, status, 'void *', 'int'],
  CreateRunOptions: [39, status, out],
  RunOptionsSetTerminate: [46, status, 'void *'],
  RunOptionsUnsetTerminate: [47, status, 'void *'],
  CreateTensorWithDataAsOrtValue: [
    49,
    status,
    'void *',
    'void *',
    'size_t',
    'const int64_t *',
    'size_t',
    'int',
    out,
  ],
  CreateCpuMemoryInfo: [69, status, 'int', 'int', out],
  ReleaseEnv: [92, 'void', 'void *'],
  ReleaseStatus: [93, 'void', 'void *'],
  ReleaseMemoryInfo: [94, 'void', 'void *'],
  ReleaseSession: [95, 'void', 'void *'],
  ReleaseValue: [96, 'void', 'void *'],
  ReleaseRunOptions: [97, 'void', 'void *'],
  ReleaseSessionOptions: [100, 'void', 'void *'],
  AddSessionConfigEntry: [130, status, 'void *', 'const char *', 'const char *'],
  RunWithBinding: [133, status, 'void *', 'void *', 'void *'],
  CreateIoBinding: [134, status, 'void *', out],
  ReleaseIoBinding: [135, 'void', 'void *'],
  BindInput: [136, status, 'void *', 'const char *', 'void *'],
  BindOutput: [137, status, 'void *', 'const char *', 'void *'],
});

/** The library's version text, e.g. `1.30.0`. */
export function readVersion(library: LibraryHandle): string {
  const [, getVersion] = apiBase(library);
  return koffi.call(getVersion, koffi.proto('str', [])) as string;
}

/** Reads the table of the loaded library. Undefined where the library is older than `API_VERSION`. */
export function readFunctions(library: LibraryHandle, platform: string): OrtFunctions | undefined {
  const [getApi] = apiBase(library);
  const api = koffi.call(getApi, koffi.proto('void *', ['uint32_t']), API_VERSION) as Pointer | null;
  if (api === null) return undefined;
  const table = signatures(platform === 'win32' ? 'str16' : 'str');
  const last = Math.max(...Object.values(table).map(([index]) => index));
  const pointers = koffi.decode(api, koffi.array('void *', last + 1)) as Pointer[];
  const functions = Object.entries(table).map(([name, [index, result, ...parameters]]) => [
    name,
    koffi.decode(pointers[index], koffi.proto(result, parameters.map(parameterType))),
  ]);
  return Object.fromEntries(functions) as OrtFunctions;
}

function parameterType(type: string): string | ReturnType<typeof koffi.out> {
  return type === out ? koffi.out(koffi.pointer('void *')) : type;
}

/** `OrtGetApiBase()`: two function pointers, GetApi and GetVersionString. */
function apiBase(library: LibraryHandle): [Pointer, Pointer] {
  const base = library.func('OrtGetApiBase', 'void *', [])() as Pointer;
  const [getApi, getVersion] = koffi.decode(base, koffi.array('void *', 2)) as [Pointer, Pointer];
  return [getApi, getVersion];
}

/**
 * Entry of the process that measures roofs: `node worker.js REQUEST`. A process of its own, because its buffers and
 * thread pools must not stay in Hayasa's; every measurement is sent as soon as it is there.
 */
import { writeToDescriptor } from '../../host/descriptors.ts';
import { realHost } from '../../host/real-host.ts';
import { wordsOf } from '../../kernel/errors.ts';
import { same, type Words } from '../../kernel/language.ts';
import { openLibc } from '../../native/libc.ts';
import { type OrtRuntime, openOnnxRuntime } from '../../native/onnxruntime/runtime.ts';
import { measureMultiply, measureRowSums } from './matrix-multiply.ts';
import type { RoofMeasurement, RoofRequest } from './measurement.ts';
import { measureMemoryRead } from './memory-read.ts';

const CONTROLLER_DESCRIPTOR = 3;

await main();

async function main(): Promise<void> {
  const host = realHost();
  // Written by `measureRoofs` of the same build; a schema library would double the time of a quick probe.
  const request = JSON.parse(process.argv[2] ?? '') as RoofRequest;
  const runtime = openOnnxRuntime(host.system);
  await send('memory', () => memoryRoof(host, runtime, request));
  for (const dtype of request.dtypes) {
    await send(dtype, async () => ({
      method: same(`ONNX Runtime ${runtime.version}, ${request.size} x ${request.size}`),
      rate: await measureMultiply(host.clock, runtime, request, request.threads, dtype, request.size),
    }));
  }
}

async function memoryRoof(
  { clock, system }: ReturnType<typeof realHost>,
  runtime: OrtRuntime,
  request: RoofRequest,
): Promise<{ rate: number; method: Words }> {
  const { threads, bufferBytes } = request;
  const libc = openLibc(system);
  if (libc !== undefined) {
    const rate = await measureMemoryRead(clock, libc, request, threads, bufferBytes);
    return { rate, method: { en: `memchr of ${libc.name}`, ja: `${libc.name} の memchr` } };
  }
  const rate = await measureRowSums(clock, runtime, request, threads, bufferBytes);
  const { version } = runtime;
  return {
    rate,
    method: { en: `row sums by ONNX Runtime ${version}`, ja: `ONNX Runtime ${version} による行の和` },
  };
}

async function send(
  what: RoofMeasurement['what'],
  measure: () => Promise<{ rate: number; method: Words }>,
): Promise<void> {
  let measurement: RoofMeasurement;
  try {
    measurement = { kind: 'measured', what, ...(await measure()) };
  } catch (error) {
    measurement = { kind: 'failed', what, reason: wordsOf(error) };
  }
  writeToDescriptor(CONTROLLER_DESCRIPTOR, `${JSON.stringify(measurement)}\n`);
}

/**
 * Entry of a worker process for npm engines: `node main.js ENGINE [VERSION]`, with the controller on descriptor 3. This thread
 * keeps control; the engine computes in a thread of its own. The process ends when its controller is gone.
 */
import { Worker } from 'node:worker_threads';
import { inheritedChannel } from '../host/descriptors.ts';
import { exitProcess, killSelf, ownPid, parentPid } from '../host/own-process.ts';
import { realHost } from '../host/real-host.ts';
import { startControl } from './control.ts';
import { failureOf } from './failure-of.ts';
import type { ComputeInit, FromCompute, ToCompute } from './threads.ts';

const CONTROLLER_DESCRIPTOR = 3;
/** A controller that was killed also closes its descriptors: this is the second line of defence. */
const WATCHDOG_INTERVAL_MS = 1_000;

main(process.argv[2] ?? '', process.argv[3]);

function main(engine: string, version: string | undefined): void {
  const host = realHost();
  const origin_ns = host.clock.monotonic_ns();
  const parent = parentPid();
  const cancel = new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT);
  const channel = inheritedChannel(CONTROLLER_DESCRIPTOR);
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const init: ComputeInit = { engine, version, origin_ns, cancel };
  const compute = new Worker(new URL(`./compute.${extension}`, import.meta.url), { workerData: init });
  const control = startControl({
    host,
    engine,
    pid: ownPid(),
    origin_ns,
    channel,
    cancel: new Int32Array(cancel),
    post: (message: ToCompute) => compute.postMessage(message),
    exit: exitProcess,
    kill: killSelf,
  });
  compute.on('message', (message: FromCompute) => control.fromCompute(message));
  compute.on('error', (error) => control.computeFailed(error, failureOf(error)));
  setInterval(() => {
    if (parentPid() !== parent) killSelf();
  }, WATCHDOG_INTERVAL_MS);
}

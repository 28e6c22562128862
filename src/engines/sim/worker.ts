/** The sim engine in a worker process: faults really happen to the process, as they do with real engines. */
import { writeToDescriptor } from '../../host/descriptors.ts';
import type { Host } from '../../host/host.ts';
import { killSelf } from '../../host/own-process.ts';
import { assertNever } from '../../kernel/errors.ts';
import type { ComputeContext, CreateEngine } from '../../worker/engine.ts';
import { createSimEngine } from './engine.ts';
import type { Fault } from './options.ts';

export const createEngine: CreateEngine = (host) =>
  createSimEngine(host, (fault, context) => act(host, fault, context));

const CONTROLLER_DESCRIPTOR = 3;
const STDERR = 2;
const FLOOD_LINES = 400_000;
const HANG_STEP_NS = 1_000_000;

function act(host: Host, fault: Fault, context: ComputeContext): void {
  switch (fault) {
    case 'none':
    case 'wrong-tokens':
      return;
    case 'crash':
      writeToDescriptor(STDERR, 'sim: about to crash\n');
      killSelf('SIGSEGV');
      hang(host, () => false);
      return;
    case 'exit-at-load':
      writeToDescriptor(STDERR, 'sim: cannot load\n');
      killSelf('SIGTERM');
      hang(host, () => false);
      return;
    case 'nonsense':
      writeToDescriptor(CONTROLLER_DESCRIPTOR, 'loading 50 %\n');
      hang(host, () => false);
      return;
    case 'flood-stderr':
      for (let line = 0; line < FLOOD_LINES; line += 1000) {
        writeToDescriptor(STDERR, `${'x'.repeat(79)}\n`.repeat(1000));
      }
      writeToDescriptor(STDERR, 'sim: end of the flood\n');
      return;
    case 'hang':
      // Ends when asked to.
      hang(host, () => context.cancelled());
      return;
    case 'deaf':
    case 'hang-at-load':
      hang(host, () => false);
      return;
    default:
      assertNever(fault, 'fault');
  }
}

function hang(host: Host, until: () => boolean): void {
  while (!until()) host.clock.block_ns(HANG_STEP_NS);
}

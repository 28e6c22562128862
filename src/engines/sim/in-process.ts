/** The sim engine inside the controller's own process: faults that would end a process are thrown instead. */

import type { Host } from '../../host/host.ts';
import { assertNever } from '../../kernel/errors.ts';
import { FailureError } from '../../protocol/failure-error.ts';
import type { ComputeContext, CreateEngine } from '../../worker/engine.ts';
import { createSimEngine } from './engine.ts';
import type { Fault } from './options.ts';

export const createEngine: CreateEngine = (host) =>
  createSimEngine(host, (fault, context) => act(host, fault, context));

/** One look at the clock while it hangs. */
const HANG_STEP_NS = 1_000_000;

function act(host: Host, fault: Fault, context: ComputeContext): void {
  switch (fault) {
    case 'none':
    case 'wrong-tokens':
    case 'flood-stderr':
      return;
    case 'crash':
    case 'exit-at-load':
      throw new FailureError({
        cause: 'crash',
        message: {
          en: 'the worker was ended by SIGSEGV (simulated)',
          ja: 'ワーカーが SIGSEGV で終わらされました（シミュレーション）',
        },
      });
    case 'nonsense':
      throw new FailureError({
        cause: 'protocol',
        message: {
          en: 'a frame is not JSON (simulated)',
          ja: 'フレームが JSON ではありません（シミュレーション）',
        },
      });
    case 'hang':
    case 'deaf':
    case 'hang-at-load':
      // Time must pass for a deadline to pass; nobody else can move it here.
      while (!context.cancelled()) host.clock.block_ns(HANG_STEP_NS);
      throw new FailureError({
        cause: 'timeout',
        message: {
          en: 'the engine hung until its deadline (simulated)',
          ja: 'エンジンが期限まで止まったままでした（シミュレーション）',
        },
      });
    default:
      assertNever(fault, 'fault');
  }
}

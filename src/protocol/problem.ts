/** What can be wrong with what the other side wrote: a value, never a throw. */
import type { Words } from '../kernel/language.ts';
import type { Failure } from './failure.ts';

export interface ProtocolProblem {
  readonly kind: 'too-long' | 'not-utf8' | 'not-json' | 'not-a-frame' | 'wrong-version' | 'wrong-engine';
  readonly message: Words;
}

/** The failure of a worker that broke the protocol. */
export function protocolFailure(problem: ProtocolProblem): Failure {
  return {
    cause: 'protocol',
    message: problem.message,
    hint:
      problem.kind === 'wrong-version' || problem.kind === 'wrong-engine'
        ? {
            en: 'build again (npm run build), so that controller and worker come from one version',
            ja: 'もう一度ビルドして（npm run build）、制御側とワーカーの版を揃えてください',
          }
        : {
            en: 'something other than the worker wrote to descriptor 3, or the worker is broken',
            ja: 'ワーカー以外のものがディスクリプター 3 に書いたか、ワーカーが壊れています',
          },
  };
}

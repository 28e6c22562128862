/** The first exchange: `hello` and `ready` must agree on the protocol's version and on the engine. */
import { PROTOCOL_VERSION } from './frames.ts';
import type { ProtocolProblem } from './problem.ts';

/** What is wrong with the other side's `protocol` and `engine`, or undefined where they are ours. */
export function handshakeProblem(
  theirs: { readonly protocol: number; readonly engine: string },
  engine: string,
): ProtocolProblem | undefined {
  if (theirs.protocol !== PROTOCOL_VERSION) {
    return {
      kind: 'wrong-version',
      message: {
        en: `protocol ${theirs.protocol} instead of ${PROTOCOL_VERSION}`,
        ja: `プロトコルが ${PROTOCOL_VERSION} ではなく ${theirs.protocol} です`,
      },
    };
  }
  if (theirs.engine !== engine) {
    return {
      kind: 'wrong-engine',
      message: {
        en: `engine "${theirs.engine}" instead of "${engine}"`,
        ja: `エンジンが "${engine}" ではなく "${theirs.engine}" です`,
      },
    };
  }
  return undefined;
}

/**
 * Garbage of this process, collected when it disturbs nobody: V8 would otherwise collect it with four threads of its own
 * at a moment of its choice, which is often while an engine is timed and this process waits.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

type Collect = (options?: { readonly type: 'minor' | 'major'; readonly execution: 'sync' }) => void;

let collect: Collect | undefined;

/** `minor`: what was made lately, a millisecond; `major`: everything, some ten. Blocks meanwhile. */
export function collectOwnGarbage(type: 'minor' | 'major'): void {
  if (collect === undefined) {
    // Both start collections while this process only waits: to shrink the heap, and ahead of a limit. Without them V8
    // collects when memory is asked for and not there.
    setFlagsFromString('--no-memory-reducer');
    setFlagsFromString('--no-incremental-marking');
    setFlagsFromString('--expose-gc');
    collect = runInNewContext('gc') as Collect;
  }
  collect({ type, execution: 'sync' });
}

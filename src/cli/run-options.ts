/** Options of the commands that measure: how long, on how quiet a machine, and where to. */
import { offlineOption } from './models/fetch-model.ts';
import { duration, text, withBare } from './options.ts';

export const runOptions = {
  budget: duration('TIME', "time for this invocation, over the study's own"),
  quietGate: withBare(
    duration('TIME', 'wait at most this long before each launch until other programs are quiet'),
    '30s',
  ),
  offline: offlineOption,
  out: text('DIR', 'folder of the run; by default runs/<study>-<run id>'),
};

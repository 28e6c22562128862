/** What a run's journal amounts to while the run goes on. */
import type { Host } from '../host/host.ts';
import { readPackedJournal } from '../journal/read.ts';
import { type JournalState, journalState } from '../journal/state.ts';
import type { OpenRun } from './open-run.ts';

/** The journal of `run` up to now, made durable first. */
export function stateSoFar(host: Host, { journal, folder }: OpenRun): JournalState {
  journal.sync();
  return journalState(readPackedJournal(host.files, folder.journal).records);
}

/** What a helper thread is asked while a report of a large journal is made, and its answers. */
import { launchMetrics } from '../../dialects/dialect.ts';
import { findDialect } from '../../dialects/registry.ts';
import type { Files } from '../../host/host.ts';
import type { ReadRecord } from '../../journal/packed-repeats.ts';
import { type ReadJournal, readJournalPart } from '../../journal/read.ts';
import { journalState } from '../../journal/state.ts';
import type { MetricCell } from '../../metrics/launch-values.ts';
import { METRICS } from '../../metrics/registry.ts';
import { summarise } from '../../metrics/summarise.ts';
import type { SequentialDesign } from '../../stats/sequential.ts';
import { type FlatSummary, flatSummaries } from './flat-summaries.ts';

export type Question =
  /** The records of whole lines. */
  | { readonly kind: 'read'; readonly path: string; readonly begin: number; readonly end: number }
  | {
      readonly kind: 'summarise';
      readonly cells: readonly MetricCell[];
      readonly records: readonly ReadRecord[];
      readonly looks: SequentialDesign | undefined;
      /** Id of the peer whose metrics stand beside ours. */
      readonly dialect: string | undefined;
    };

export type Answer =
  | ({ readonly kind: 'records' } & ReadJournal<ReadRecord>)
  | { readonly kind: 'summaries'; readonly summaries: readonly FlatSummary[] };

export function answerQuestion(files: Pick<Files, 'readRange'>, question: Question): Answer {
  switch (question.kind) {
    case 'read': {
      const { path, begin, end } = question;
      return { kind: 'records', ...readJournalPart(files, path, begin, end) };
    }
    case 'summarise': {
      const { cells, records, looks } = question;
      const dialect = question.dialect === undefined ? undefined : findDialect(question.dialect);
      const metrics = [...METRICS, ...(dialect === undefined ? [] : launchMetrics(dialect))];
      return {
        kind: 'summaries',
        summaries: flatSummaries(summarise(cells, journalState(records), metrics, looks)),
      };
    }
  }
}

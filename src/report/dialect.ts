/** What a report says of a dialect: the peer's names beside ours, each with how it is computed. Plain data. */
import { type Dialect, dialectMetricId } from '../dialects/dialect.ts';
import { same, type Words } from '../kernel/language.ts';
import { findMetric } from '../metrics/registry.ts';

export interface DialectSection {
  readonly id: string;
  readonly peer: string;
  readonly source: string;
  readonly statistics: Words;
  readonly entries: readonly DialectEntry[];
}

export interface DialectEntry {
  /** Column of the values: `vllm:mean_ttft_ms`. */
  readonly metricId: string;
  /** As the peer writes it. */
  readonly name: string;
  readonly definition: string;
  readonly formula: string;
  /** `same`: our number on every sample; `differs`: comparable, see `difference`; `none`: we have nothing like it. */
  readonly relation: 'same' | 'differs' | 'none';
  /** Our nearest metric; absent where there is none. */
  readonly own?: { readonly metricId: string; readonly title: Words; readonly formula: string };
  /** Empty where there is no difference. */
  readonly difference: Words;
}

/** The section of `dialect`. */
export function dialectSection(dialect: Dialect): DialectSection {
  const { id, peer, source, statistics } = dialect;
  return {
    id,
    peer,
    source,
    statistics,
    entries: dialect.metrics.map((metric) => {
      const { name, definition, formula, relation } = metric;
      const own = relation.kind === 'none' ? undefined : findMetric(relation.own);
      return {
        metricId: dialectMetricId(dialect, metric),
        name,
        definition,
        formula,
        relation: relation.kind,
        ...(own === undefined ? {} : { own: { metricId: own.id, title: own.title, formula: own.formula } }),
        difference: relation.kind === 'same' ? same('') : relation.difference,
      };
    }),
  };
}

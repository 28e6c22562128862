/** docs/dialects.md: every dialect's declaration. */
import type { Dialect, DialectMetric } from '../dialects/dialect.ts';
import { document, generatedNote, heading, inlineCode, list, table } from './markdown.ts';

export function dialectsDocument(dialects: readonly Dialect[]): string {
  return document([
    generatedNote('src/dialects/'),
    heading(1, 'Dialects'),
    'The same word means different things to different benchmarks. `hayasa report DIR --dialect PEER` computes what a peer would have printed, from the same raw events as our own metrics, and shows it beside them. A launch is taken as one run of the peer: its repeats are pooled, and pauses between them count in no window. Where a peer has a fault (a missing value counted as 0), its dialect has it too.',
    '`same` is the same number as our metric on every sample of an engine, which a property test checks; `differs` is comparable but another number, and a test shows a sample on which it is. A library gives tokens before any parser tells reasoning from content, so that each of its events counts as content. The metrics themselves are in [metrics.md](metrics.md).',
    table(
      ['dialect', 'peer', 'metrics'],
      dialects.map(({ id, peer, metrics }) => [inlineCode(id), peer, String(metrics.length)]),
    ),
    ...dialects.flatMap((dialect) => [
      heading(2, dialect.peer),
      list([
        `\`--dialect ${dialect.id}\``,
        `Statistics: ${dialect.statistics.en}`,
        `Source: ${dialect.source}`,
      ]),
      table(
        ['its name', 'unit', 'definition', 'formula', 'ours', 'difference'],
        dialect.metrics.map((metric) => [
          inlineCode(metric.name),
          metric.shown.unit,
          metric.definition,
          inlineCode(metric.formula),
          ownText(metric),
          metric.relation.kind === 'same' ? 'none' : metric.relation.difference.en,
        ]),
      ),
    ]),
  ]);
}

const ownText = ({ relation }: DialectMetric): string =>
  relation.kind === 'none'
    ? 'none'
    : `${relation.kind === 'same' ? 'same as' : 'differs from'} \`${relation.own}\``;

/** `studies/unequal-lengths.yaml` with the simulated engine in the place of the real ones: the same lengths, exact figures. */
import { describe, expect, it } from 'vitest';
import { isMap, parseDocument } from 'yaml';
import { realHost } from '../../src/host/real-host.ts';
import { simulatedReport } from '../verdicts/sim-study.ts';

const text = realHost().files.readText(
  new URL('../../studies/unequal-lengths.yaml', import.meta.url).pathname,
);

describe('studies/unequal-lengths.yaml', () => {
  it('overstates by the longest over the mean length, whatever the batching', async () => {
    const document = parseDocument(text);
    if (!isMap(document.contents)) throw new Error('no study');
    document.set('engines', document.createNode([{ id: 'sim', precisions: ['fp32'] }]));
    document.set('correctness', document.createNode({ check: false }));
    document.delete('excludes');
    const report = await simulatedReport(document.toString());
    // As drawn from seed 0, which the document names.
    const lengths = [8, 2, 11, 20, 3, 28, 4, 10, 12, 29, 3, 4, 18, 39, 12, 56];
    const mean = lengths.reduce((sum, length) => sum + length, 0) / 16;
    expect(report.lengths?.[0]).toMatchObject({ minimum: 2, median: 11.5, maximum: 56, mean });
    const figures = report.table.rows.map(({ cell, values }) => {
      const of = (id: string): number => {
        const value = values[id];
        return value?.kind === 'value' ? value.value.mean : Number.NaN;
      };
      const inflation = of('throughput-padding-counted') / of('throughput');
      return [cell.batching, inflation.toFixed(6), of('finished-rows-share').toFixed(6)];
    });
    expect(figures).toEqual([
      ['static', (56 / mean).toFixed(6), (1 - mean / 56).toFixed(6)],
      ['continuous', (56 / mean).toFixed(6), '0.000000'],
    ]);
  });
});

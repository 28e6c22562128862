import { describe, expect, it } from 'vitest';
import { simDeclaration } from '../engines/sim/declaration.ts';
import { problemTexts } from '../kernel/errors.ts';
import { parseStudy } from './parse.ts';

const vocabulary = { engines: [simDeclaration], presets: ['tiny'], metrics: ['throughput', 'ttft'] };
const base = `name: a
models: [tiny]
engines: [{id: sim, label: x}, {id: sim, label: y, options: {step_ns: 7}}]
axes: {batch: [1, 2]}
excludes: [{engine: y, batch: 2}]
claims:
`;

const problemsIn = (claims: string) => {
  const parsed = parseStudy(base + claims, vocabulary);
  return parsed.kind === 'problems'
    ? problemTexts('en', parsed.problems).map(({ path, message, didYouMean, line }) => [
        path,
        message,
        didYouMean,
        line,
      ])
    : parsed;
};

describe('claims of a study', () => {
  it('are data: what all share, and what their kind has', () => {
    const parsed = parseStudy(
      `${base}  - {id: c, claim: x is faster, kind: ratio, of: {engine: x}, to: {engine: y}, atLeast: 1.5}\n`,
      vocabulary,
    );
    expect(parsed).toMatchObject({
      kind: 'study',
      study: {
        claims: [
          {
            id: 'c',
            statement: 'x is faster',
            kind: 'ratio',
            role: 'claim',
            device: 'any',
            parameters: { of: { engine: ['x'], axes: {} }, metric: 'throughput', atLeast: 1.5, holds: 'all' },
          },
        ],
      },
    });
  });

  it('need equal rounds: their verdicts allow for no looks', () => {
    const claim = '  - {id: c, claim: s, kind: ratio, of: {engine: x}, to: {engine: y}, atLeast: 1.5}\n';
    expect(problemsIn(`${claim}rounds: {until: {decided: true}}\n`)).toEqual([
      ['rounds.until', 'claims are decided over equal rounds of all cells', undefined, 8],
    ]);
    expect(problemsIn(`${claim}rounds: {minimum: 6}\n`)).toMatchObject({ kind: 'study' });
  });

  it('have wrong fields named at once, with place and nearest name', () => {
    expect(
      problemsIn(`  - {id: a, claim: s, kind: ration, of: {}}
  - {id: b, claim: s, kind: ratio, of: {engine: z}, to: {modle: tiny}, metric: throughputs, atLeast: 0}
  - {id: c, claim: s, kind: trend, along: depth, atLeast: 1, analogues: {q: x}}
  - {id: d, claim: s, of: {}}
`),
    ).toEqual([
      ['claims[0].kind', 'unknown kind', 'ratio', 7],
      ['claims[1].of.engine', 'no engine of this study is called z', 'x', 8],
      ['claims[1].to.modle', 'unknown key "modle"', 'model', 8],
      ['claims[1].metric', 'unknown metric', 'throughput', 8],
      ['claims[1].atLeast', 'too small', undefined, 8],
      ['claims[2].along', 'not an allowed value', undefined, 9],
      ['claims[2].analogues.q', 'no engine of this study is called q', 'x', 9],
      ['claims[3].kind', 'is missing', undefined, 10],
    ]);
  });

  it('are refused where nothing could be tested: no cells, one value, no room between margins', () => {
    expect(
      problemsIn(`  - {id: a, claim: s, kind: ratio, of: {engine: x}, to: {engine: y, batch: 2}, atLeast: 1.5}
  - {id: a, claim: s, kind: trend, for: {engine: y}, along: batch, atLeast: 1.1}
  - {id: b, claim: s, kind: trend, along: batch, atLeast: 1.5, atMost: 1.1}
  - {id: c, claim: s, kind: equal, for: {batch: 4}, of: {engine: x}, to: {engine: y}, within: 0.1}
  - {id: d, claim: s, kind: ratio, of: {engine: x}, to: {engine: y}}
  - {id: e, claim: s, kind: only, who: {engine: x}, along: batch, atLeast: 2, others: {}}
`),
    ).toEqual([
      ['claims[0].to', 'no cell of the study matches', undefined, 7],
      ['claims[1].id', 'two claims are called a', undefined, 8],
      ['claims[1].along', 'batch has one value among these cells, and a line needs two', undefined, 8],
      ['claims[2].atLeast', 'contradicts atMost: nothing is at least 1.5 and at most 1.1', undefined, 9],
      ['claims[3].of', 'no cell of the study matches', undefined, 10],
      ['claims[3].to', 'no cell of the study matches', undefined, 10],
      ['claims[4]', 'a margin is missing: atLeast, atMost or both', undefined, 11],
      ['claims[5].others', 'a margin is missing: atLeast, atMost or both', undefined, 12],
    ]);
  });
});

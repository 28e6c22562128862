/** The suite can fail: engines that break the contract are found out. */
import { describe, expect, it } from 'vitest';
import { createExecutor } from '../../executors/registry.ts';
import { testHost } from '../../host/test-host.ts';
import type { Sample } from '../../protocol/sample.ts';
import { simDeclaration } from '../sim/declaration.ts';
import { createBench } from './bench.ts';
import { CONTRACT_CASES } from './cases.ts';
import { sampleProblems } from './sample-shape.ts';
import { ruling, runCase, unknownExceptions } from './suite.ts';

async function problemsOf(name: string, options: Readonly<Record<string, string | number>>) {
  const host = testHost();
  const bench = createBench({
    host,
    declaration: simDeclaration,
    executor: createExecutor('in-process', host),
    options,
  });
  const contractCase = CONTRACT_CASES.find((each) => each.name === name);
  if (contractCase === undefined) throw new Error(name);
  const findings = await runCase(contractCase, bench);
  await bench.close();
  return findings.problems.join('; ');
}

describe('the contract', () => {
  it('is kept by a sound engine', async () => {
    expect(await problemsOf('a batch equals its sequences alone', {})).toBe('');
    expect(await problemsOf('continuous batching equals each alone', {})).toBe('');
  });

  it('finds tokens that differ', async () => {
    const wrong = { fault: 'wrong-tokens', faultAt: 4 };
    expect(await problemsOf('a batch equals its sequences alone', wrong)).toMatch(
      /^in the batch: sequence 0/,
    );
    expect(await problemsOf('greedy tokens equal the reference', {})).toMatch(/^fp32: sequence 0/);
  });

  it('finds an engine that fails', async () => {
    expect(await problemsOf('repeats give the same tokens', { fault: 'crash', faultAt: 1 })).toMatch(
      /^generate again failed: crash/,
    );
    expect(await problemsOf('ragged prompts equal each alone', { outOfMemoryAbove: 3 })).toMatch(
      /^the ragged batch failed: out-of-memory/,
    );
  });

  it('names its cases in Japanese too, each by a name of its own', () => {
    const names = CONTRACT_CASES.map(({ inJapanese }) => inJapanese);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => !/[ぁ-んァ-ヶ]/.test(name))).toEqual([]);
  });

  it('knows its cases by unique names, and exceptions by them', () => {
    expect(new Set(CONTRACT_CASES.map(({ name }) => name)).size).toBe(CONTRACT_CASES.length);
    const declaration = { ...simDeclaration, conformanceExceptions: { 'no such case': 'a typo' } };
    expect(unknownExceptions(declaration)).toEqual(['no such case']);
  });

  it('rules by capability first, then by exception', () => {
    const scores = CONTRACT_CASES.find(({ name }) => name === 'scores against logits')!;
    expect(ruling(scores, simDeclaration).kind).toBe('exception');
    const capabilities = { ...simDeclaration.capabilities, logits: false };
    expect(ruling(scores, { ...simDeclaration, capabilities })).toEqual({
      kind: 'inapplicable',
      reason: 'no logits',
    });
  });
});

describe('sampleProblems', () => {
  const sample: Sample = {
    call: { start_ns: 10, end_ns: 100 },
    steps_ns: [20, 30],
    sequences: [
      {
        inputTokens: 3,
        intended_ns: 10,
        queued_ns: 10,
        sent_ns: 10,
        events: [{ firstStep: 0, steps: 2, tokensPerStep: 1 }],
        end_ns: 30,
        finish: 'length',
        tokens: [1, 2],
        computedPadding: 0,
      },
    ],
  };
  const changed = (sequence: object, rest: object = {}): string =>
    sampleProblems({ ...sample, ...rest, sequences: [{ ...sample.sequences[0]!, ...sequence }] }, [3]).join();

  it('accepts a sound sample and names each flaw', () => {
    expect(changed({})).toBe('');
    expect(changed({ inputTokens: 4 })).toMatch(/length of its prompt/);
    expect(changed({ tokens: [1] })).toMatch(/2 tokens have stamps, 1 ids came/);
    expect(changed({ sent_ns: 25 })).toMatch(/sent before its first token/);
    expect(changed({ end_ns: 29 })).toMatch(/ends with its last token/);
    expect(changed({}, { steps_ns: [20, 20] })).toMatch(/stamps ascend/);
    expect(changed({}, { call: { start_ns: 10, end_ns: 25 } })).toMatch(/last stamp/);
  });
});

/** The whole contract against one engine in real workers, for a user who wants to know whether it can be trusted here. */
import type { Executor } from '../../executors/executor.ts';
import type { Host } from '../../host/host.ts';
import { inEvery, type Words } from '../../kernel/language.ts';
import type { EngineDeclaration } from '../declaration.ts';
import { type BenchInit, createBench } from './bench.ts';
import { caseWords } from './case.ts';
import { CONTRACT_CASES } from './cases.ts';
import { ruling, runCase } from './suite.ts';

export interface Verification {
  readonly passed: number;
  /** Cases that do not apply, and exceptions that the engine's declaration names. */
  readonly skipped: number;
  /** `case: problem`, empty where the engine conforms; what differs is said in English. */
  readonly problems: readonly Words[];
  /** Measured and never judged. */
  readonly notes: readonly Words[];
}

export interface VerifyInput {
  readonly host: Host;
  readonly executor: Executor;
  readonly declaration: EngineDeclaration;
  readonly engineVersion: string | undefined;
  /** Options that differ from their defaults. */
  readonly options?: BenchInit['options'];
  /** `cpu`, `cuda:0`, ... */
  readonly device: string;
  readonly signal: AbortSignal;
  /** Called before each case. */
  readonly onCase: (name: Words, index: number, of: number) => void;
}

/** Stops between two cases when aborted; its problems then say so. */
export async function verifyEngine(input: VerifyInput): Promise<Verification> {
  const { host, executor, declaration, engineVersion, options, device, signal } = input;
  const bench = createBench({ host, executor, declaration, engineVersion, options, device });
  const problems: Words[] = [];
  const notes: Words[] = [];
  let passed = 0;
  let skipped = 0;
  try {
    for (const [index, contractCase] of CONTRACT_CASES.entries()) {
      const name = caseWords(contractCase);
      if (signal.aborted) {
        problems.push({ en: `interrupted before: ${name.en}`, ja: `次の前に中断: ${name.ja}` });
        break;
      }
      if (ruling(contractCase, declaration).kind !== 'runs') {
        skipped += 1;
        continue;
      }
      input.onCase(name, index, CONTRACT_CASES.length);
      const findings = await runCase(contractCase, bench);
      if (findings.problems.length === 0) passed += 1;
      problems.push(...findings.problems.map((problem) => inEvery((say) => `${say(name)}: ${problem}`)));
      notes.push(...findings.notes);
    }
  } finally {
    await bench.close();
  }
  return { passed, skipped, problems, notes };
}

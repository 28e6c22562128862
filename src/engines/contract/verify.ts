/** The whole contract against one engine in real workers, for a user who wants to know whether it can be trusted here. */
import type { Executor } from '../../executors/executor.ts';
import type { Host } from '../../host/host.ts';
import type { EngineDeclaration } from '../declaration.ts';
import { type BenchInit, createBench } from './bench.ts';
import { CONTRACT_CASES } from './cases.ts';
import { ruling, runCase } from './suite.ts';

export interface Verification {
  readonly passed: number;
  /** Cases that do not apply, and exceptions that the engine's declaration names. */
  readonly skipped: number;
  /** `case: problem`, empty where the engine conforms. */
  readonly problems: readonly string[];
  /** Measured and never judged. */
  readonly notes: readonly string[];
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
  readonly onCase: (name: string, index: number, of: number) => void;
}

/** Stops between two cases when aborted; its problems then say so. */
export async function verifyEngine(input: VerifyInput): Promise<Verification> {
  const { host, executor, declaration, engineVersion, options, device, signal } = input;
  const bench = createBench({ host, executor, declaration, engineVersion, options, device });
  const problems: string[] = [];
  const notes: string[] = [];
  let passed = 0;
  let skipped = 0;
  try {
    for (const [index, contractCase] of CONTRACT_CASES.entries()) {
      if (signal.aborted) {
        problems.push(`interrupted before: ${contractCase.name}`);
        break;
      }
      if (ruling(contractCase, declaration).kind !== 'runs') {
        skipped += 1;
        continue;
      }
      input.onCase(contractCase.name, index, CONTRACT_CASES.length);
      const findings = await runCase(contractCase, bench);
      if (findings.problems.length === 0) passed += 1;
      problems.push(...findings.problems.map((problem) => `${contractCase.name}: ${problem}`));
      notes.push(...findings.notes);
    }
  } finally {
    await bench.close();
  }
  return { passed, skipped, problems, notes };
}

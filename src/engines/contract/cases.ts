/** The registry of the contract's cases. */
import type { ContractCase } from './case.ts';
import { equalityCases } from './cases/equality-cases.ts';
import { faultCases } from './cases/fault-cases.ts';
import { precisionCases } from './cases/precision-cases.ts';
import { samplingCases } from './cases/sampling-cases.ts';
import { shapeCases } from './cases/shape-cases.ts';

export const CONTRACT_CASES: readonly ContractCase[] = [
  ...shapeCases,
  ...equalityCases,
  ...samplingCases,
  ...precisionCases,
  ...faultCases,
];

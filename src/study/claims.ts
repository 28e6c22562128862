/** Claims of a study file: the fields that all share, and those of each kind from the registry of kinds. */

import { z } from 'zod';
import type { AxisKey } from '../axes/registry.ts';
import { same, type Words } from '../kernel/language.ts';
import type { Claim } from '../verdicts/claim.ts';
import type { ClaimFields } from '../verdicts/kind.ts';
import { CLAIM_KINDS, findClaimKind } from '../verdicts/registry.ts';
import { patternField } from './engine-fields.ts';
import { resolvePattern } from './resolve-pattern.ts';
import { nameField } from './value-field.ts';
import type { Vocabulary } from './vocabulary.ts';

const commonFields = () => ({
  id: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{0,59}$/, 'lower-case letters, digits, dots and dashes, at most 60')
    .describe('Name of the claim.'),
  claim: z.string().min(1).describe('The conclusion in words.'),
  role: z
    .enum(['claim', 'explanation'])
    .default('claim')
    .describe('Whether it says what is the case, or why another claim holds.'),
  device: z
    .enum(['cpu', 'gpu', 'any'])
    .default('any')
    .describe(
      'The class of device that it was made for. On another class it is *not measured here*, and carries over or does not.',
    ),
  note: z.string().optional().describe('What a reader should know of it.'),
  analogues: z
    .record(z.string(), z.string())
    .default({})
    .describe(
      'Engines that may stand in for others where these do not run: shown beside the verdict, never as it.',
    ),
});

const COMMON_KEYS: ReadonlySet<string> = new Set([...Object.keys(commonFields()), 'kind']);

/** One entry of `claims`: a form for each kind. */
export function claimField({ metrics }: Vocabulary) {
  // Named, so that the JSON schema holds each once.
  const pattern = patternField().transform(resolvePattern).meta({ id: 'pattern' });
  const metric = nameField(metrics, 'metric', 'The id of a metric.').meta({ id: 'metric' });
  const field: ClaimFields = {
    selection: (description) => pattern.describe(description),
    metric: (description) => metric.describe(description),
  };
  const [first, ...rest] = CLAIM_KINDS.map((known) =>
    z
      .strictObject({ ...commonFields(), kind: z.literal(known.kind), ...known.fields(field) })
      .describe(known.summary),
  );
  if (first === undefined) throw new RangeError('no kinds of claims');
  return z.discriminatedUnion('kind', [first, ...rest]);
}

/** The claim with the fields of its kind apart, contradictions among them reported to `addIssue` first. */
export const resolveClaim = (file: Readonly<Record<string, unknown>> & ClaimFile): Claim => ({
  id: file.id,
  statement: file.claim,
  role: file.role,
  device: file.device,
  note: file.note,
  analogues: file.analogues,
  kind: file.kind,
  parameters: Object.fromEntries(Object.entries(file).filter(([key]) => !COMMON_KEYS.has(key))),
});

export interface ClaimFile extends z.output<z.ZodObject<ReturnType<typeof commonFields>>> {
  readonly kind: string;
}

/** A problem of a claim, by the path of keys in the file. */
export interface ClaimIssue {
  readonly path: readonly PropertyKey[];
  readonly message: Words;
}

/** Contradictions inside each claim, and ids that stand twice. */
export function claimIssues(claims: readonly Claim[]): ClaimIssue[] {
  return claims.flatMap((claim, index) => [
    ...(claims.findIndex(({ id }) => id === claim.id) < index
      ? [
          {
            path: ['claims', index, 'id'],
            message: { en: `two claims are called ${claim.id}`, ja: `${claim.id} という主張が二つあります` },
          },
        ]
      : []),
    ...(findClaimKind(claim.kind)?.check(claim.parameters) ?? []).map(({ path, message }) => ({
      path: ['claims', index, ...path.split('.').filter((key) => key !== '')],
      message: typeof message === 'string' ? same(message) : message,
    })),
  ]);
}

/** The axes of claims, for messages. */
export const axisIssue = (axis: AxisKey, count: number): Words => ({
  en: `${axis} has ${count === 1 ? 'one value' : 'no value'} among these cells, and a line needs two`,
  ja: `これらのセルに ${axis} の値は ${count} 個です。直線には 2 個必要です`,
});

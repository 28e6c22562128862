/** The registry of kinds of claims: one line each. The study's parser, the verdicts and the docs read it. */
import type { ClaimKind } from './kind.ts';
import { capabilityClaim } from './kinds/capability.ts';
import { conversionClaim } from './kinds/conversion.ts';
import { equalClaim } from './kinds/equal.ts';
import { fallClaim } from './kinds/fall.ts';
import { interactionClaim } from './kinds/interaction.ts';
import { memoryClaim } from './kinds/memory.ts';
import { metricRatioClaim } from './kinds/metric-ratio.ts';
import { onlyClaim } from './kinds/only.ts';
import { rankingClaim } from './kinds/ranking.ts';
import { ratioClaim } from './kinds/ratio.ts';
import { reportsClaim } from './kinds/reports.ts';
import { shareClaim } from './kinds/share.ts';
import { trendClaim } from './kinds/trend.ts';

export const CLAIM_KINDS: readonly ClaimKind[] = [
  ratioClaim,
  equalClaim,
  rankingClaim,
  trendClaim,
  interactionClaim,
  onlyClaim,
  fallClaim,
  shareClaim,
  memoryClaim,
  metricRatioClaim,
  capabilityClaim,
  conversionClaim,
  reportsClaim,
];

/** The kind called `kind`, or undefined. */
export const findClaimKind = (kind: string): ClaimKind | undefined =>
  CLAIM_KINDS.find((known) => known.kind === kind);

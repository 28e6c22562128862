/** Counts over simulated studies: how many have a wrong verdict, and of which kind of claim. */
import { isWrong, type JudgedClaim } from './claims.ts';

export interface KindCounts {
  readonly kind: string;
  /** Claims over all studies, by what is true of them. */
  readonly true: number;
  readonly false: number;
  readonly open: number;
  /** Claims that were called true or false rightly. */
  readonly decided: number;
  /** True claims that were refuted, false ones that were supported, and open ones that were either. */
  readonly wrong: number;
  /** Studies with one of these or more. */
  readonly wrongStudies: number;
  readonly shareOfWrongStudies: number;
}

export interface StudyCounts {
  readonly studies: number;
  readonly wrongStudies: number;
  readonly shareOfWrongStudies: number;
  readonly wrongStudiesByNoise: Readonly<Record<string, number>>;
  /** By id. */
  readonly wrongByClaim: Readonly<Record<string, number>>;
  readonly kinds: readonly KindCounts[];
}

export interface SimulatedStudy {
  readonly noise: string;
  readonly claims: readonly JudgedClaim[];
}

export function tally(studies: readonly SimulatedStudy[]): StudyCounts {
  const wrong = studies.filter(({ claims }) => claims.some(isWrong));
  const claims = studies.flatMap((study) => study.claims);
  const kinds = [...new Set(claims.map(({ kind }) => kind))];
  return {
    studies: studies.length,
    wrongStudies: wrong.length,
    shareOfWrongStudies: wrong.length / studies.length,
    wrongStudiesByNoise: Object.fromEntries(
      [...new Set(studies.map(({ noise }) => noise))].map((noise) => [
        noise,
        wrong.filter((study) => study.noise === noise).length,
      ]),
    ),
    wrongByClaim: counts(claims.filter(isWrong).map(({ id }) => id)),
    kinds: kinds.map((kind) => {
      const own = claims.filter((claim) => claim.kind === kind);
      const wrongStudies = studies.filter((study) =>
        study.claims.some((claim) => claim.kind === kind && isWrong(claim)),
      ).length;
      const of = (truth: JudgedClaim['truth']): number => own.filter((claim) => claim.truth === truth).length;
      return {
        kind,
        true: of('true'),
        false: of('false'),
        open: of('open'),
        decided: own.filter(isRight).length,
        wrong: own.filter(isWrong).length,
        wrongStudies,
        shareOfWrongStudies: wrongStudies / studies.length,
      };
    }),
  };
}

const isRight = ({ truth, outcome }: JudgedClaim): boolean =>
  (truth === 'true' && outcome === 'supported') || (truth === 'false' && outcome === 'refuted');

function counts(names: readonly string[]): Record<string, number> {
  const all: Record<string, number> = {};
  for (const name of names) all[name] = (all[name] ?? 0) + 1;
  return all;
}

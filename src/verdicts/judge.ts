/**
 * Verdicts on all claims of a study together. Each tested claim has two p-values (evidence.ts). Those of support are
 * adjusted over all claims by Holm's procedure, and so are those of refutation; each family is decided at half of 5 %. So
 * the probability that any false claim is called supported or any true one refuted is at most 5 %, whatever the
 * dependence between claims. Of few rounds a spread is poorly known, so that comparisons borrow from those of all
 * (spread.ts). A claim that is refuted may still hold elsewhere, and one that is undecided may be true.
 *
 * A claim that was made for a class of devices and cannot be tested on it here is *not measured here*; tested on the
 * other class it carries over to it, or does not, and that is said in a line of its own, never as the verdict.
 */
import type { Words } from '../kernel/language.ts';
import { holmAdjusted } from '../stats/holm.ts';
import type { Claim } from './claim.ts';
import type { Absence, Effect, Tested } from './evidence.ts';
import { deviceClass, type Observations, type World } from './observed.ts';
import { findClaimKind } from './registry.ts';
import { spreadNotes } from './spread.ts';

/** The probability of one wrong verdict or more. */
export const ERROR_RATE = 0.05;

export type Outcome = 'supported' | 'refuted' | 'undecided' | 'not-measured';

export interface Verdict {
  readonly id: string;
  readonly statement: string;
  readonly kind: string;
  readonly role: Claim['role'];
  readonly device: Claim['device'];
  readonly note: string | undefined;
  readonly outcome: Outcome;
  /** Why nothing was measured, or why nothing is decided. */
  readonly reason: Words | undefined;
  readonly effects: readonly Effect[];
  readonly missing: readonly Absence[];
  /** Adjusted over all claims; undefined where nothing was tested. */
  readonly pSupport: number | undefined;
  readonly pRefute: number | undefined;
  /** On the class of devices that the claim was not made for. */
  readonly elsewhere: Elsewhere | undefined;
  /** With other engines in the place of those that do not run here: beside the verdict, never as it. */
  readonly analogue: Analogue | undefined;
}

export interface Elsewhere {
  readonly device: 'cpu' | 'gpu';
  readonly outcome: 'carries-over' | 'does-not-carry-over' | 'undecided';
  readonly effects: readonly Effect[];
}

export interface Analogue extends Elsewhere {
  /** The engine spoken of and its stand-in. */
  readonly engines: Readonly<Record<string, string>>;
}

/** The verdict on each claim, in order. */
export function judge(claims: readonly Claim[], observations: Observations): Verdict[] {
  const spreads = spreadNotes();
  for (const claim of claims) testsOf(claim, { ...observations, spread: spreads.note });
  const world = { ...observations, spread: spreads.model() };
  const tests = claims.map((claim) => testsOf(claim, world));
  const decide = decisions(
    tests.flatMap(({ own, elsewhere, analogue }) => [own, elsewhere?.test, analogue?.test]),
  );
  return claims.map((claim, index) => {
    const { own, elsewhere, analogue } = tests[index] as Tests;
    const decision = decide(own);
    const { id, statement, kind, role, device, note } = claim;
    return {
      id,
      statement,
      kind,
      role,
      device,
      note,
      outcome: decision.outcome,
      reason: reasonOf(own, decision.outcome),
      effects: own.kind === 'tested' ? own.effects : [],
      missing: own.missing,
      pSupport: decision.pSupport,
      pRefute: decision.pRefute,
      elsewhere: elsewhere === undefined ? undefined : carried(elsewhere, decide),
      analogue:
        analogue === undefined ? undefined : { ...carried(analogue, decide), engines: claim.analogues },
    };
  });
}

interface OnDevice {
  readonly device: 'cpu' | 'gpu';
  readonly test: Extract<Tested, { readonly kind: 'tested' }>;
}

interface Tests {
  readonly own: Tested;
  readonly elsewhere: OnDevice | undefined;
  readonly analogue: OnDevice | undefined;
}

function testsOf(claim: Claim, world: World): Tests {
  const { device } = claim;
  const own = testOn(claim, world, device);
  if (own.kind === 'tested') return { own, elsewhere: undefined, analogue: undefined };
  const other = device === 'gpu' ? 'cpu' : 'gpu';
  const elsewhere = device === 'any' ? undefined : tested(testOn(claim, world, other), other);
  const stand = Object.keys(claim.analogues).length === 0 ? undefined : withAnalogues(claim);
  const here = (['cpu', 'gpu'] as const).flatMap((one) => {
    const found = stand === undefined ? undefined : tested(testOn(stand, world, one), one);
    return found === undefined ? [] : [found];
  });
  return { own, elsewhere, analogue: here[0] };
}

const tested = (test: Tested, device: 'cpu' | 'gpu'): OnDevice | undefined =>
  test.kind === 'tested' ? { device, test } : undefined;

function testOn({ kind, parameters }: Claim, world: World, device: Claim['device']): Tested {
  const known = findClaimKind(kind);
  if (known === undefined) throw new RangeError(`no kind of claim ${kind}: the study was not checked`);
  const cells =
    device === 'any' ? world.cells : world.cells.filter(({ cell }) => deviceClass(cell.device) === device);
  if (cells.length === 0) {
    return {
      kind: 'not-measured',
      reason: {
        en: `the study has no cells on a ${device.toUpperCase()}`,
        ja: `スタディに ${device.toUpperCase()} のセルがありません`,
      },
      missing: [],
    };
  }
  return known.test(parameters, { ...world, cells });
}

/** The claim with its engines replaced by their stand-ins, wherever it names them. */
function withAnalogues(claim: Claim): Claim {
  const replaced = (value: unknown, key: string | undefined): unknown => {
    if (Array.isArray(value)) {
      return key === 'engine' ? value.map((name) => claim.analogues[String(name)] ?? name) : value;
    }
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([inner, one]) => [inner, replaced(one, inner)]));
  };
  return { ...claim, parameters: replaced(claim.parameters, undefined) as Claim['parameters'] };
}

interface Decision {
  readonly outcome: Outcome;
  readonly pSupport: number | undefined;
  readonly pRefute: number | undefined;
}

/** Holm over every test that was made. */
function decisions(tests: readonly (Tested | undefined)[]): (test: Tested) => Decision {
  const made = tests.flatMap((test) => (test?.kind === 'tested' ? [test] : []));
  const supports = holmAdjusted(made.map(({ evidence }) => evidence.support));
  const refutes = holmAdjusted(made.map(({ evidence }) => evidence.refute));
  const byTest = new Map(
    made.map((test, index): [Tested, Decision] => {
      const pSupport = supports[index] ?? 1;
      const pRefute = refutes[index] ?? 1;
      const outcome =
        pSupport <= ERROR_RATE / 2 ? 'supported' : pRefute <= ERROR_RATE / 2 ? 'refuted' : 'undecided';
      return [test, { outcome, pSupport, pRefute }];
    }),
  );
  return (test) => byTest.get(test) ?? { outcome: 'not-measured', pSupport: undefined, pRefute: undefined };
}

function carried({ device, test }: OnDevice, decide: (test: Tested) => Decision): Elsewhere {
  const { outcome } = decide(test);
  return {
    device,
    outcome:
      outcome === 'supported' ? 'carries-over' : outcome === 'refuted' ? 'does-not-carry-over' : 'undecided',
    effects: test.effects,
  };
}

const BOTH: Words = { en: 'the data allow both', ja: 'データはどちらとも言えません' };

/** A claim that would be decided by itself is held to more among others. */
const aloneText = (holds: boolean): Words => ({
  en: `alone it would be ${holds ? 'supported' : 'refuted'}; among all claims that are judged together it takes more rounds`,
  ja: `単独なら${holds ? '支持' : '反証'}ですが、全主張を一緒に判定するにはラウンドがもっと必要です`,
});

function reasonOf(own: Tested, outcome: Outcome): Words | undefined {
  if (own.kind === 'not-measured') return own.reason;
  if (outcome !== 'undecided') return undefined;
  const lacking = own.effects.flatMap(({ value }) =>
    value.kind === 'value' && value.value.interval.kind === 'missing' ? [value.value.interval.reason] : [],
  );
  const [first] = lacking;
  if (first !== undefined) return first;
  if (own.evidence.support <= ERROR_RATE / 2) return aloneText(true);
  return own.evidence.refute <= ERROR_RATE / 2 ? aloneText(false) : BOTH;
}

/** The part of docs/study-format.md about claims: what all kinds share, then the fields of each. */
import { CLAIM_KINDS } from '../verdicts/registry.ts';
import { heading, inlineCode, table } from './markdown.ts';
import { type SchemaNode, schemaRows } from './schema-rows.ts';

/** Sections for `claims`, from the JSON schema of one entry. */
export function claimSections(entry: SchemaNode, columns: readonly string[]): string[] {
  const forms = new Map(
    [...(entry.oneOf ?? []), ...(entry.anyOf ?? [])].map((form) => [
      String(form.properties?.['kind']?.const),
      form,
    ]),
  );
  const rowsOf = (kind: string): string[][] => schemaRows(forms.get(kind) ?? {});
  const keyLists = CLAIM_KINDS.map(({ kind }) => new Set(rowsOf(kind).map(([key]) => key)));
  const isCommon = (key: string | undefined): boolean => keyLists.every((keys) => keys.has(key));
  const [first] = CLAIM_KINDS;
  return [
    heading(2, 'Entries of `claims`'),
    'Conclusions to test. Each names cells by patterns, a quantity, and the margin beyond which it counts; margins are part of the study, and their hash stands in the report. Cells that are compared are equal in everything that the claim does not name, and all comparisons must lie beyond the margin. A claim about cells that the study does not have, about a line through one value, or with margins that contradict each other is refused before anything runs. Verdicts are *supported*, *refuted*, *undecided* or *not measured here*; docs/method.md says how the error over all claims is controlled.',
    table([...columns], first === undefined ? [] : rowsOf(first.kind).filter(([key]) => isCommon(key))),
    ...CLAIM_KINDS.flatMap(({ kind, summary }) => [
      heading(3, inlineCode(kind)),
      `${summary[0]?.toUpperCase() ?? ''}${summary.slice(1)}.`,
      table(
        [...columns],
        rowsOf(kind).filter(([key]) => !isCommon(key)),
      ),
    ]),
  ];
}

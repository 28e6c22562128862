/** Names of models on the Hugging Face hub: `owner/name`, or `owner/name@revision`. Pure. */
import type { Words } from '../kernel/language.ts';

export interface HubId {
  /** `owner/name`. */
  readonly name: string;
  /** A branch, a tag or a commit; `main` where none is given. */
  readonly revision: string;
}

/** What owners, names and revisions are made of; a dot cannot come first, so that nothing of them climbs out of a folder. */
export const HUB_ID_PATTERN =
  /^(?<name>[A-Za-z0-9_][A-Za-z0-9_.-]*\/[A-Za-z0-9_][A-Za-z0-9_.-]*)(?:@(?<revision>[A-Za-z0-9_][A-Za-z0-9_.-]*(?:\/[A-Za-z0-9_][A-Za-z0-9_.-]*)*))?$/;

export const HUB_ID_ALLOWED: Words = {
  en: 'owner/name or owner/name@revision, where a revision is a branch, tag or commit',
  ja: 'owner/name か owner/name@revision（revision はブランチ、タグ、コミット）',
};

/** The parsed id, or undefined where `text` is none. `a/b` -> revision `main`. */
export function parseHubId(text: string): HubId | undefined {
  const { name, revision = 'main' } = HUB_ID_PATTERN.exec(text)?.groups ?? {};
  return name === undefined || name.includes('--') ? undefined : { name, revision };
}

/** `owner/name@revision` -> `name`. */
export const hubShortName = (text: string): string => text.replace(/^[^/]*\//, '').replace(/@.*$/, '');

/** `owner/name@revision`; without the revision where it is `main`. */
export const hubIdText = ({ name, revision }: HubId): string =>
  revision === 'main' ? name : `${name}@${revision}`;

/** Text inside Markdown. */

/** Text from outside (names, messages of engines) must not become markup. */
export const escapeText = (text: string): string =>
  text.replace(/[\\`*_<>#|]/g, (mark) => `\\${mark}`).replaceAll('\n', ' ');

/** As `escapeText`, inside a table whose writer escapes bars itself. */
export const escapeCell = (text: string): string =>
  text.replace(/[\\`*_<>]/g, (mark) => `\\${mark}`).replaceAll('\n', ' ');

/** Inside an HTML element, where Markdown is not read. */
export const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\n', ' ');

/** A fence longer than any run of backticks inside. */
export function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}\n${text.replace(/\n+$/, '')}\n${fence}`;
}

/** Texts of options, as typed on the command line, to values; every problem at once. */
import { type Problem, ProblemsError } from '../kernel/errors.ts';
import type { OptionDeclarations } from './command.ts';
import { nearest } from './suggest.ts';

/** `outputTokens` -> `--output-tokens` */
export const longOption = (key: string): string =>
  `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/**
 * `given`: text by key, `true` for a switch; keys that were not given are absent.
 * @throws ProblemsError with every value that is not allowed
 */
export function parseOptions(
  command: string,
  declarations: OptionDeclarations,
  given: Readonly<Record<string, string | true>>,
): Readonly<Record<string, unknown>> {
  const problems: Problem[] = [];
  const values = Object.fromEntries(
    Object.entries(declarations).map(([key, declaration]) => {
      const text = given[key];
      if (text === undefined) {
        if (declaration.required === true)
          problems.push({ path: longOption(key), message: { en: 'is missing', ja: '必要です' } });
        return [key, declaration.defaultValue];
      }
      const value = declaration.parse(text === true ? (declaration.bare ?? '') : text);
      if (value === undefined) {
        const didYouMean = nearest(String(text), declaration.choices);
        problems.push({
          path: longOption(key),
          message: { en: 'is not allowed', ja: '使えない値です' },
          value: String(text),
          ...(declaration.allowed === undefined ? {} : { allowed: declaration.allowed }),
          ...(didYouMean === undefined ? {} : { didYouMean }),
        });
      }
      return [key, value];
    }),
  );
  if (problems.length > 0) throw new ProblemsError(`hayasa ${command}`, problems);
  return values;
}

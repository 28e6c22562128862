/**
 * One colour per engine throughout, told apart also by marker and dash (grey print, colour-blind readers).
 * Colours: Okabe, Ito, "Color universal design" (2008), yellow left out; then three of Tol's "muted" ("Colour schemes", 2021).
 */
export const COLOURS = [
  '#0072B2',
  '#D55E00',
  '#009E73',
  '#CC79A7',
  '#E69F00',
  '#56B4E9',
  '#000000',
  '#882255',
  '#999933',
  '#332288',
] as const;
export const MARKERS = ['circle', 'square', 'triangle-up', 'diamond', 'cross', 'triangle-down'] as const;
export const DASHES: readonly [readonly number[], ...(readonly number[])[]] = [
  [1, 0],
  [6, 3],
  [2, 2],
  [8, 3, 2, 3],
  [4, 1],
  [1, 3],
];

/** Fonts with Japanese glyphs first, then whatever the viewer has. */
export const FONT = '"Noto Sans CJK JP", "Hiragino Sans", "Yu Gothic", sans-serif';

/** The item of `cycle` for `index`. */
export function cycled<T>(cycle: readonly [T, ...T[]], index: number): T {
  return cycle[index % cycle.length] ?? cycle[0];
}

/**
 * A Vega-Lite specification as SVG text, without a browser or a canvas: text widths are estimated, so the same
 * specification gives the same bytes on every machine.
 */
import { Error as ErrorLevel, parse, View } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';

/** SVG text, ending in a newline. */
export async function renderSvg(spec: TopLevelSpec): Promise<string> {
  const view = new View(parse(compile(spec).spec), { renderer: 'none', logLevel: ErrorLevel });
  try {
    return `${await view.toSVG()}\n`;
  } finally {
    view.finalize();
  }
}

/** A class's study with the shape that the command line asks for, as text. Pure. */
import { parseDocument } from 'yaml';

export interface Shape {
  readonly batches: readonly number[];
  /** Prompt tokens and new tokens of each sequence. */
  readonly input: number;
  readonly output: number;
  readonly threads: number;
  /** Launches of each engine; undefined = those of the study. */
  readonly rounds: number | undefined;
}

/** `64-in-64-out`: part of the names of runs and result files. */
export const shapeName = ({ input, output }: Pick<Shape, 'input' | 'output'>): string =>
  `${input}-in-${output}-out`;

/** The same shape gives the same text, so that the same command goes on with its run. */
export function studyOfShape(text: string, shape: Shape): string {
  const { batches, input, output, threads, rounds } = shape;
  const document = parseDocument(text);
  document.set('name', `${String(document.get('name'))}-${shapeName(shape)}`);
  document.setIn(['axes', 'batch'], document.createNode(batches));
  document.setIn(['axes', 'inputTokens'], input);
  document.setIn(['axes', 'outputTokens'], output);
  document.setIn(['axes', 'threads'], threads);
  if (rounds !== undefined) {
    document.setIn(['rounds', 'minimum'], rounds);
    document.setIn(['rounds', 'maximum'], rounds);
  }
  return document.toString();
}
